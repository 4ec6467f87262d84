using System.Text.Json.Nodes;

namespace VpsPilot.Testbed.Stack;

/// <summary>The whole product on this machine: control plane, one test VPS with an enrolled agent, and a git server.</summary>
public sealed class LocalStack : IAsyncDisposable
{
    /// <summary>Name and id of the one node.</summary>
    public const string Node = "node-1";

    private readonly string repositories;

    private LocalStack(ControlPlane plane, TestVps vps, GitDaemon git, string repositories) =>
        (Plane, Vps, Git, this.repositories) = (plane, vps, git, repositories);

    /// <summary>The control plane.</summary>
    public ControlPlane Plane { get; }

    /// <summary>The test VPS.</summary>
    public TestVps Vps { get; }

    /// <summary>The git server.</summary>
    public GitDaemon Git { get; }

    /// <summary>Its HTTP API.</summary>
    public ApiClient Api => Plane.Api;

    /// <summary>Boots, installs, enrols; returns when the node is online.</summary>
    /// <param name="vpsName">Name of the VPS on this machine.</param>
    /// <param name="options">How the control plane runs.</param>
    /// <param name="repositories">Folder for git repositories.</param>
    /// <param name="standing">Whether the VPS outlives this program.</param>
    /// <param name="say">Told of each step, in one line.</param>
    /// <param name="settings">More settings of the agent; null: none.</param>
    /// <param name="ct">Cancels the work.</param>
    public static async Task<LocalStack> StartAsync(string vpsName, ControlPlaneOptions options, string repositories, Action<string> say, bool standing = false, JsonObject? settings = null, CancellationToken ct = default)
    {
        say("booting a test VPS (systemd in systemd-nspawn)");
        var booting = TestVps.BootAsync(vpsName, new TestVpsOptions { Standing = standing }, ct);
        ControlPlane? plane = null;
        try
        {
            plane = await ControlPlane.StartAsync(options, ct);
            say($"the control plane answers at {plane.Url}");
            return await JoinAsync(plane, await booting, repositories, say, settings, ct);
        }
        catch
        {
            // What was started must not outlive a failure or Ctrl-C: it would hold ports and memory, and nobody would know of it.
            if (plane is not null)
            {
                await plane.DisposeAsync();
            }

            await ((Task)booting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (booting.IsCompletedSuccessfully)
            {
                await (await booting).DisposeAsync();
            }

            throw;
        }
    }

    private static async Task<LocalStack> JoinAsync(ControlPlane plane, TestVps vps, string repositories, Action<string> say, JsonObject? settings, CancellationToken ct)
    {
        say($"the VPS is up; packages come from {(await TestVps.OfflineNixpkgsAsync() is null ? "real nixpkgs" : "the offline nixpkgs of the testbed")}");

        var node = await plane.Api.PostAsync("api/nodes", new JsonObject { ["name"] = Node }, ct);
        await NodeInstaller.InstallAsync(vps, (string)node["installCommand"]!, settings, ct);
        await NodeInstaller.WaitUntilOnlineAsync(plane.Api, Node, TimeSpan.FromSeconds(30), ct);
        say($"vpspilot-agent.service runs on {Node} and is enrolled");

        Directory.CreateDirectory(repositories);
        var git = await GitDaemon.StartAsync(repositories, ControlPlaneOptions.FreePort(), ct);
        return new LocalStack(plane, vps, git, repositories);
    }

    /// <summary>A project whose pushes deploy, starting from the files of a sample. Nothing is pushed yet.</summary>
    public async Task<AppRepository> CreateProjectAsync(string id, string sample, CancellationToken ct = default)
    {
        var app = await CreateRepositoryAsync(id, sample, ct);
        await AddProjectAsync(app, id, configFile: null, ct);
        return app;
    }

    /// <summary>A repository with the files of a sample, without a project.</summary>
    public Task<AppRepository> CreateRepositoryAsync(string name, string sample, CancellationToken ct = default) => AppRepository.CreateAsync(repositories, name, sample, ct);

    /// <summary>A project in a repository that may have several.</summary>
    /// <param name="app">The repository.</param>
    /// <param name="id">Id of the project.</param>
    /// <param name="configFile">Where its config is; null: at the top.</param>
    /// <param name="ct">Cancels the work.</param>
    public async Task AddProjectAsync(AppRepository app, string id, string? configFile, CancellationToken ct = default)
    {
        var project = await Api.PostAsync("api/projects", new JsonObject
        {
            ["id"] = id,
            ["repository"] = Git.UrlOf(Path.GetFileNameWithoutExtension(app.Bare)),
            ["branch"] = "main",
            ["configFile"] = configFile,
            ["nodes"] = new JsonArray(Node),
        }, ct);
        await app.InstallHookAsync(id, new Uri((string)project["webhookUrl"]!), (string)project["webhookSecret"]!, ct);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Git.DisposeAsync();
        await Plane.DisposeAsync();
        await Vps.DisposeAsync();
    }
}
