using System.Text;
using VpsPilot.Functions.Idempotency;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Tests.Secrets;

public sealed class EncryptedSecretStoreTests : SecretStoreContract, IAsyncLifetime
{
    private const string Value = "hunter2-is-the-value";

    private static readonly SecretPlace Key = new("shop", SecretScope.Project, "KEY");

    private readonly TestPlane plane = new();

    internal override ISecretStore Store => plane.Get<EncryptedSecretStore>();

    private string KeyFile => Path.Combine(plane.Folder, "secrets.key");

    [Fact]
    public async Task No_file_has_the_value_in_clear()
    {
        await Store.SetAsync(Key, Value, "ann", default);

        foreach (var file in Directory.EnumerateFiles(plane.Folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            (await reader.ReadToEndAsync()).ShouldNotContain(Value);
        }
    }

    [Fact]
    public async Task The_key_file_can_be_read_by_its_owner_only_also_after_a_rotation()
    {
        await Store.SetAsync(Key, Value, "ann", default);
        File.GetUnixFileMode(KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await plane.Get<SecretKeyRing>().RotateAsync(default);

        File.GetUnixFileMode(KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("secret-value:thief", "project:KEY:2147483646", "thief", "project", "KEY", 1)]
    [InlineData("secret-value:shop", "node:web-1:KEY:2147483646", "shop", "node:web-1", "KEY", 1)]
    [InlineData("secret-value:shop", "project:OTHER:2147483646", "shop", "project", "OTHER", 1)]
    [InlineData("secret-value:shop", "project:KEY:2147483645", "shop", "project", "KEY", 2)]
    public async Task A_value_copied_to_another_place_cannot_be_read_there(string partition, string key, string project, string scope, string name, int version)
    {
        await Store.SetAsync(Key, Value, "ann", default);
        var store = plane.Get<IStateStore>();
        var document = (await store.GetAsync("secret-value:shop", "project:KEY:2147483646", default)).ShouldNotBeNull();
        await store.UpsertAsync(partition, key, document.Json, default);

        (await Should.ThrowAsync<InvalidOperationException>(() => Store.ReadAsync(new SecretPlace(project, SecretScope.Parse(scope)!, name), version, default))).Message.ShouldContain("secrets.key");
    }

    [Fact]
    public async Task A_rotation_of_the_key_brings_every_value_under_the_new_one()
    {
        var project = await plane.ProjectAsync("shop", "web-1");
        await Store.SetAsync(Key, "old value", "ann", default);
        await Store.SetAsync(Key, Value, "ann", default);
        var webhook = (await plane.Get<ProjectStore>().WebhookSecretsAsync(project, default))[0];
        var before = await File.ReadAllTextAsync(KeyFile);

        var function = plane.Make<SecretKeyFunctions>();
        await function.RotateSecretKey(null!, default);
        await function.RotateSecretKey(null!, default);

        (await File.ReadAllTextAsync(KeyFile)).ShouldNotContain(before.Trim(), Case.Sensitive, "two rotations later the first key is nowhere");
        (await Store.ReadAsync(Key, 1, default)).ShouldBe("old value");
        (await Store.ReadAsync(Key, 2, default)).ShouldBe(Value);
        (await plane.Get<ProjectStore>().WebhookSecretsAsync((await plane.Get<ProjectStore>().GetAsync("shop", default))!, default))[0].ShouldBe(webhook);
    }

    [Fact]
    public async Task Rotations_at_the_same_time_lose_no_value()
    {
        await plane.ProjectAsync("shop", "web-1");
        await Store.SetAsync(Key, Value, "ann", default);
        var ring = plane.Get<SecretKeyRing>();

        // Two that have put their keys up before either has encrypted anything anew.
        var first = await ring.RotateAsync(default);
        await ring.RotateAsync(default);
        await ring.ForgetEarlierAsync(first, default);
        (await Store.ReadAsync(Key, 1, default)).ShouldBe(Value);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => plane.Make<SecretKeyFunctions>().RotateSecretKey(null!, default)));
        (await Store.ReadAsync(Key, 1, default)).ShouldBe(Value);
        await plane.Make<SecretKeyFunctions>().RotateSecretKey(null!, default);
        (await Store.ReadAsync(Key, 1, default)).ShouldBe(Value);
        (await File.ReadAllLinesAsync(KeyFile)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Remembered_answers_can_be_given_again_after_two_rotations()
    {
        var requests = plane.Get<IdempotencyStore>();
        var (mine, _) = await requests.BeginAsync("key", "hash", default);
        await requests.EndAsync("key", mine!, "hash", new(201, "application/json", null, null, "e30="), default);

        await plane.Make<SecretKeyFunctions>().RotateSecretKey(null!, default);
        await plane.Make<SecretKeyFunctions>().RotateSecretKey(null!, default);

        var (_, earlier) = await requests.BeginAsync("key", "hash", default);
        (await requests.AnswerAsync("key", earlier!.Value, default))!.Status.ShouldBe(201);
    }

    [Fact]
    public async Task Writers_at_the_same_time_get_versions_of_their_own()
    {
        var set = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store.SetAsync(Key, $"value {i}", "ann", default)));

        set.Select(s => s.Version).Order().ShouldBe(Enumerable.Range(1, 20));
        (await Store.ListAsync("shop", default)).Single().Version.ShouldBe(20);
        for (var i = 0; i < set.Length; i++)
        {
            (await Store.ReadAsync(Key, set[i].Version, default)).ShouldBe($"value {i}");
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();
}
