using System.Text;
using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Tests.Secrets;

public sealed class EncryptedSecretStoreTests : IAsyncDisposable
{
    private const string Value = "hunter2-is-the-value";

    private readonly TestPlane plane = new();

    private ISecretStore Secrets => plane.Get<ISecretStore>();

    [Fact]
    public async Task A_value_comes_back_and_each_change_counts_the_version_up()
    {
        (await Secrets.SetAsync("shop", "KEY", "old", "ann", default)).Version.ShouldBe(1);
        var second = await Secrets.SetAsync("shop", "KEY", Value, "bob", default);

        second.Version.ShouldBe(2);
        second.UpdatedBy.ShouldBe("bob");
        (await Secrets.ReadAllAsync("shop", default)).ShouldBe(new Dictionary<string, string> { ["KEY"] = Value });
        (await Secrets.ReadAllAsync("other", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_file_has_the_value_in_clear()
    {
        await Secrets.SetAsync("shop", "KEY", Value, "ann", default);

        foreach (var file in Directory.EnumerateFiles(plane.Folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            (await reader.ReadToEndAsync()).ShouldNotContain(Value);
        }
    }

    [Fact]
    public async Task The_key_file_can_be_read_by_its_owner_only()
    {
        await Secrets.SetAsync("shop", "KEY", Value, "ann", default);

        File.GetUnixFileMode(Path.Combine(plane.Folder, "secrets.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_value_copied_to_another_project_cannot_be_read_there()
    {
        await Secrets.SetAsync("shop", "KEY", Value, "ann", default);
        var store = plane.Get<IStateStore>();
        var document = (await store.GetAsync("secret:shop", "KEY", default))!;
        await store.UpsertAsync("secret:thief", "KEY", document.Json, default);

        (await Should.ThrowAsync<InvalidOperationException>(() => Secrets.ReadAllAsync("thief", default))).Message.ShouldContain("secrets.key");
    }

    [Fact]
    public async Task Values_are_sealed_to_one_node_and_one_command()
    {
        var node = await plane.EnrolledNodeAsync("web-1");
        await Secrets.SetAsync("shop", "KEY", Value, "ann", default);

        var box = (await plane.Get<EnvironmentSealer>().SealAsync("shop", node.Request("").SealingKey, "d.build.web-1", default)).ShouldNotBeNull();

        var opened = JsonSerializer.Deserialize(box.Open(node.SealingKey, "d.build.web-1"), ContractsJson.Default.DictionaryStringString);
        opened.ShouldBe(new Dictionary<string, string> { ["KEY"] = Value });
        Should.Throw<System.Security.Cryptography.CryptographicException>(() => box.Open(node.SealingKey, "d.activate.web-1"));
    }

    [Fact]
    public async Task A_project_without_values_gets_no_box()
    {
        var node = await plane.EnrolledNodeAsync("web-1");

        (await plane.Get<EnvironmentSealer>().SealAsync("shop", node.Request("").SealingKey, "c", default)).ShouldBeNull();
    }

    public ValueTask DisposeAsync() => plane.DisposeAsync();
}
