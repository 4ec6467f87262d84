using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using VpsPilot.Functions.Tests;
using VpsPilot.Functions.Tests.Api;
using VpsPilot.Server.Backups;

namespace VpsPilot.Server.Tests.Backups;

/// <summary>A backup of a control plane that works, and what a restored one says.</summary>
public sealed class BackupTests : IAsyncLifetime, IDisposable
{
    private readonly ApiServer server = new();
    private readonly TemporaryFolder folder = new();

    public Task InitializeAsync() => server.InitializeAsync();

    [Fact]
    public async Task What_is_restored_says_what_was_backed_up_while_it_worked()
    {
        await using var agent = await server.AgentAsync("web-1");
        await server.ProjectAsync("shop", "web-1");
        (await server.Admin.PutAsJsonAsync("api/projects/shop/env/API_KEY", new { value = "s3cret-value" })).EnsureSuccessStatusCode();
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(stop.Token);
        var file = Path.Combine(folder.Path, "backup.tar.gz");
        for (var i = 0; i < 3; i++)
        {
            File.Delete(file);
            await new BackupWriter(new DataFolder(server.DataDirectory), TimeProvider.System).WriteAsync(file, default);
            await CheckStoryAsync(file, $"restored-{i}");
        }

        await stop.CancelAsync();
        (await load).ShouldBeGreaterThan(0);

        // One more, at rest: now every answer can be compared.
        File.Delete(file);
        await new BackupWriter(new DataFolder(server.DataDirectory), TimeProvider.System).WriteAsync(file, default);
        var before = await AnswersAsync();
        (await server.Admin.DeleteAsync("api/projects/shop/env/API_KEY")).EnsureSuccessStatusCode();
        await server.ProjectAsync("later", "web-1");
        await server.StopAsync();
        var (manifest, aside) = await new Restore(new DataFolder(server.DataDirectory), TimeProvider.System).RunAsync(file, default);
        await server.StartAsync();

        new[] { "VpsPilot.db", "queues.db", "state.db", "secrets.key", "broker.key", "keys.json", "admin-token" }.ShouldBeSubsetOf(manifest.Files.Select(f => f.Path));
        Directory.Exists(aside).ShouldBeTrue();
        (await AnswersAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_archive_is_the_owners_alone_has_its_checksum_beside_it_and_replaces_nothing()
    {
        var file = Path.Combine(folder.Path, "backup.tar.gz");
        await new BackupWriter(new DataFolder(server.DataDirectory), TimeProvider.System).WriteAsync(file, default);

        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(file + ".sha256").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await File.ReadAllTextAsync(file + ".sha256")).ShouldBe($"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file)))}  backup.tar.gz\n");
        Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order().ShouldBe(["backup.tar.gz", "backup.tar.gz.sha256"]);
        (await Should.ThrowAsync<RefusedException>(() => new BackupWriter(new DataFolder(server.DataDirectory), TimeProvider.System).WriteAsync(file, default))).Message.ShouldContain("is there already");
    }

    [Fact]
    public async Task A_control_plane_that_runs_is_not_restored_over()
    {
        var file = Path.Combine(folder.Path, "backup.tar.gz");
        await new BackupWriter(new DataFolder(server.DataDirectory), TimeProvider.System).WriteAsync(file, default);

        (await Should.ThrowAsync<RefusedException>(() => new Restore(new DataFolder(server.DataDirectory), TimeProvider.System).RunAsync(file, default))).Message.ShouldContain("Stop it first");

        (await server.Anonymous.GetAsync("api/health")).EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    /// <summary>Projects and deployments, one after the other; how many.</summary>
    private async Task<int> LoadAsync(CancellationToken stop)
    {
        var made = 0;
        while (!stop.IsCancellationRequested)
        {
            await server.ProjectAsync($"load-{made}", "web-1");
            (await server.Admin.PostAsJsonAsync($"api/projects/load-{made}/deployments", new { }, CancellationToken.None)).EnsureSuccessStatusCode();
            made++;
        }

        return made;
    }

    /// <summary>A deployment is in the state before its orchestration is in the task hub: a backup of two moments would have orchestrations of nothing.</summary>
    private async Task CheckStoryAsync(string file, string name)
    {
        var target = Path.Combine(folder.Path, name);
        await new Restore(new DataFolder(target), TimeProvider.System).RunAsync(file, default);
        var orchestrations = Column(target, "VpsPilot.db", "SELECT instance_id FROM instances WHERE name = 'DeployOrchestrator'");
        var state = string.Join('\n', Column(target, "state.db", "SELECT key || ' ' || CAST(json AS TEXT) FROM state"));

        orchestrations.ShouldAllBe(id => state.Contains(id, StringComparison.Ordinal));
    }

    private async Task<string> AnswersAsync()
    {
        List<string> answers = [];
        foreach (var path in (string[])["api/projects?limit=200", "api/projects/shop/env", "api/tokens", "api/nodes", "api/projects/load-0/deployments"])
        {
            var answer = await server.Admin.GetAsync(path).JsonAsync();
            // What moves by itself.
            foreach (var item in answer["items"]?.AsArray() ?? [])
            {
                foreach (var moving in (string[])["lastSeenAt", "lastUsedAt", "state", "serving", "status", "startedAt", "finishedAt", "summary", "nodes", "failure", "steps"])
                {
                    item!.AsObject().Remove(moving);
                }
            }

            answers.Add(answer.ToJsonString());
        }

        return string.Join('\n', answers);
    }

    private static List<string> Column(string folder, string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> values = [];
        while (reader.Read())
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }
}
