using VpsPilot.Functions.Access;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Tests.Access;

public sealed class AccessTests : IAsyncLifetime
{
    private readonly TestPlane plane = new();

    private TokenStore Store => plane.Get<TokenStore>();

    [Fact]
    public async Task The_first_start_makes_an_admin_token_in_a_file_of_its_owner_and_later_starts_none()
    {
        await plane.Make<AdminToken>().EnsureAsync(default);
        var file = Path.Combine(plane.Folder, "admin-token");
        var text = (await File.ReadAllTextAsync(file)).Trim();

        (await Store.FindAsync(text, default))!.Role.ShouldBe(Role.Admin);
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await plane.Make<AdminToken>().EnsureAsync(default);
        (await File.ReadAllTextAsync(file)).Trim().ShouldBe(text);
        (await Store.ListAsync(new Paging(10, null), default)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_store_has_the_hash_of_a_token_and_not_its_text()
    {
        var (text, _) = await Store.CreateAsync("ci", Role.Deployer, null, null, default);

        foreach (var file in Directory.EnumerateFiles(plane.Folder))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            (await reader.ReadToEndAsync()).ShouldNotContain(text);
        }
    }

    [Fact]
    public async Task A_token_that_has_expired_or_was_deleted_is_no_token()
    {
        var (shortLived, _) = await Store.CreateAsync("ci", Role.Deployer, null, plane.Time.GetUtcNow().AddMinutes(5), default);
        var (deleted, token) = await Store.CreateAsync("old", Role.Viewer, null, null, default);
        (await Store.FindAsync(shortLived, default)).ShouldNotBeNull();

        plane.Time.Advance(TimeSpan.FromMinutes(5));
        (await Store.DeleteAsync(token.Id, default)).Token.ShouldNotBeNull();

        (await Store.FindAsync(shortLived, default)).ShouldBeNull();
        (await Store.FindAsync(deleted, default)).ShouldBeNull();
        (await Store.DeleteAsync(token.Id, default)).Token.ShouldBeNull();
    }

    [Fact]
    public async Task A_use_is_noted_once_a_minute_with_where_it_came_from()
    {
        var (_, token) = await Store.CreateAsync("ci", Role.Deployer, null, null, default);
        (await ViewAsync()).LastUsedAt.ShouldBeNull();

        await Store.NoteUseAsync(token, "192.0.2.1", default);
        plane.Time.Advance(TimeSpan.FromSeconds(59));
        await Store.NoteUseAsync(token, "192.0.2.2", default);
        (await ViewAsync()).ShouldSatisfyAllConditions(v => v.LastUsedAt.ShouldBe(TestPlane.Start), v => v.LastUsedFrom.ShouldBe("192.0.2.1"));

        plane.Time.Advance(TimeSpan.FromSeconds(1));
        await Store.NoteUseAsync(token, "192.0.2.2", default);
        (await ViewAsync()).LastUsedFrom.ShouldBe("192.0.2.2");
    }

    [Fact]
    public async Task The_last_token_that_can_change_everything_stays()
    {
        var (_, only) = await Store.CreateAsync("only", Role.Admin, null, null, default);
        await Store.CreateAsync("ends", Role.Admin, null, plane.Time.GetUtcNow().AddDays(1), default);
        await Store.CreateAsync("limited", Role.Admin, ["shop"], null, default);

        (await Store.DeleteAsync(only.Id, default)).IsLastAdmin.ShouldBeTrue();
        await Store.CreateAsync("second", Role.Admin, null, null, default);
        (await Store.DeleteAsync(only.Id, default)).IsLastAdmin.ShouldBeFalse();

        (await Store.ListAsync(new Paging(10, null), default)).Items.ShouldNotContain(t => t.Id == only.Id);
    }

    [Fact]
    public void Every_http_function_says_who_may_call_it()
    {
        var rules = new AccessRules();

        rules.RequiredFor("CreateNode").ShouldBe(Role.Admin);
        rules.RequiredFor("StartDeployment").ShouldBe(Role.Deployer);
        rules.RequiredFor("GetDeployment").ShouldBe(Role.Viewer);
        rules.RequiredFor("ReceiveWebhook").ShouldBeNull();
        rules.RequiredFor("SomethingNew").ShouldBe(Role.Admin);
    }

    [Fact]
    public async Task Denials_without_a_token_fill_the_audit_log_at_a_bounded_rate()
    {
        var audit = plane.Get<AuditLog>();
        for (var i = 0; i < 100; i++)
        {
            await audit.WriteDenialAsync(new() { What = "GetNode", Method = "GET", Path = "/api/nodes/x", Status = 401 }, default);
        }

        (await audit.ListAsync(new Paging(200, null), default)).Items.Count.ShouldBe(60);
        plane.Time.Advance(TimeSpan.FromSeconds(61));
        await audit.WriteDenialAsync(new() { What = "GetNode", Method = "GET", Path = "/api/nodes/x", Status = 401 }, default);
        (await audit.ListAsync(new Paging(200, null), default)).Items.Count.ShouldBe(61);
    }

    private async Task<TokenView> ViewAsync() => (await Store.ListAsync(new Paging(10, null), default)).Items.Single();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();
}
