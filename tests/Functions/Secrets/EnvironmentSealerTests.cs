using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Tests.Secrets;

public sealed class EnvironmentSealerTests : IAsyncLifetime
{
    private static readonly string Release = new('1', 32);

    private readonly TestPlane plane = new();
    private TestNode node = null!;

    [Fact]
    public async Task Values_are_sealed_to_one_node_and_one_command()
    {
        await PrepareAsync();
        await SetAsync(SecretScope.Project, "KEY", "value");

        var box = (await Sealer.SealReleaseAsync("shop", Release, "web-1", "d.build.web-1", default)).ShouldNotBeNull();

        Open(box, "d.build.web-1").ShouldBe(new Dictionary<string, string> { ["KEY"] = "value" });
        Should.Throw<System.Security.Cryptography.CryptographicException>(() => box.Open(node.SealingKey, "d.activate.web-1"));
        using var stranger = System.Security.Cryptography.ECDiffieHellman.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        Should.Throw<System.Security.Cryptography.CryptographicException>(() => box.Open(stranger, "d.build.web-1"));
    }

    [Fact]
    public async Task A_project_without_values_gets_no_box()
    {
        await PrepareAsync();

        (await Sealer.SealReleaseAsync("shop", Release, "web-1", "c", default)).ShouldBeNull();
        (await Sealer.SealNewestAsync("shop", "web-1", "c", default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_most_specific_scope_wins_and_others_do_not_reach_the_node()
    {
        await PrepareAsync();
        await SetAsync(SecretScope.Project, "A", "project");
        await SetAsync(SecretScope.Project, "B", "project");
        await SetAsync(SecretScope.Project, "C", "project");
        await SetAsync(SecretScope.Environment("production"), "B", "environment");
        await SetAsync(SecretScope.Environment("production"), "C", "environment");
        await SetAsync(SecretScope.Node("web-1"), "C", "node");
        await SetAsync(SecretScope.Environment("staging"), "A", "other environment");
        await SetAsync(SecretScope.Node("web-2"), "A", "other node");
        await SetAsync(SecretScope.Node("web-2"), "D", "other node");

        Open((await Sealer.SealNewestAsync("shop", "web-1", "c", default))!, "c")
            .ShouldBe(new Dictionary<string, string> { ["A"] = "project", ["B"] = "environment", ["C"] = "node" }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_release_keeps_the_versions_of_its_first_command()
    {
        await PrepareAsync();
        await SetAsync(SecretScope.Project, "KEY", "old");
        await Sealer.SealReleaseAsync("shop", Release, "web-1", "build", default);
        await SetAsync(SecretScope.Project, "KEY", "new");
        await SetAsync(SecretScope.Node("web-1"), "KEY", "newer");

        Open((await Sealer.SealReleaseAsync("shop", Release, "web-1", "activate", default))!, "activate")["KEY"].ShouldBe("old");
        Open((await Sealer.SealReleaseAsync("shop", new string('2', 32), "web-1", "next", default))!, "next")["KEY"].ShouldBe("newer");
        var use = (await plane.Get<SecretUses>().OfReleaseAsync("shop", Release, default)).ShouldHaveSingleItem();
        use.NodeId.ShouldBe("web-1");
        use.Secrets.ShouldBe([new UsedSecret("KEY", "project", 1)]);
    }

    [Fact]
    public async Task A_version_that_was_deleted_since_is_left_out()
    {
        await PrepareAsync();
        await SetAsync(SecretScope.Project, "GONE", "x");
        await SetAsync(SecretScope.Project, "KEPT", "y");
        await Sealer.SealReleaseAsync("shop", Release, "web-1", "build", default);
        await plane.Get<ISecretStore>().DeleteAsync(new SecretPlace("shop", SecretScope.Project, "GONE"), purge: false, default);

        Open((await Sealer.SealReleaseAsync("shop", Release, "web-1", "again", default))!, "again").Keys.ShouldBe(["KEPT"]);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private EnvironmentSealer Sealer => plane.Get<EnvironmentSealer>();

    private async Task PrepareAsync()
    {
        node = await plane.EnrolledNodeAsync("web-1");
        await plane.ProjectAsync("shop", "web-1");
    }

    private Task<SecretInfo> SetAsync(SecretScope scope, string name, string value) => plane.Get<ISecretStore>().SetAsync(new SecretPlace("shop", scope, name), value, "ann", default);

    private Dictionary<string, string> Open(SealedBox box, string command) =>
        JsonSerializer.Deserialize(box.Open(node.SealingKey, command), ContractsJson.Default.DictionaryStringString)!;
}
