using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Hosting;

/// <summary>Every path the agent uses.</summary>
internal sealed class AgentPaths(AgentSettings settings)
{
    public string Root => settings.Root;

    public string Projects => Path.Combine(settings.Root, "projects");

    /// <summary>The link that says which release of the project serves.</summary>
    public string Current(string projectId) => Path.Combine(Projects, "current", projectId);

    public string Project(string projectId) => Path.Combine(Projects, projectId);

    public string Releases(string projectId) => Path.Combine(Project(projectId), "releases");

    public string Release(string projectId, string releaseId) => Path.Combine(Releases(projectId), releaseId);

    /// <summary>The link from a slot of a project to the release that runs in it.</summary>
    public string SlotLink(string projectId, string slot) => Path.Combine(Project(projectId), "slots", slot);

    /// <summary>The edge's configuration.</summary>
    public string EdgeConfiguration => Path.Combine(settings.Root, "edge", "caddy.json");

    /// <summary>Files by which the edge knows, request by request, which slot of a project has the traffic.</summary>
    public string EdgeSwitch(string projectId) => Path.Combine(settings.Root, "edge", "switch", projectId);

    /// <summary>Git mirror, package managers' caches and work trees: all can be made anew.</summary>
    public string Cache(string projectId) => Path.Combine(settings.Root, "cache", projectId);

    public string Mirror(string projectId) => Path.Combine(Cache(projectId), "repository.git");

    /// <summary>HOME of the build commands.</summary>
    public string BuildHome(string projectId) => Path.Combine(Cache(projectId), "home");

    public string BuildDirectory(string projectId, string deploymentId) => Path.Combine(Cache(projectId), "builds", deploymentId);

    /// <summary>Links to built environments, which are GC roots.</summary>
    public string Environments(string projectId) => Path.Combine(Cache(projectId), "environments");

    /// <summary>Revisions of nixpkgs that the project's environments come from.</summary>
    public string FlakeLock(string projectId) => Path.Combine(Project(projectId), "vpspilot.flake.lock");

    /// <summary>Where an app keeps what outlives its releases; its HOME.</summary>
    public string Data(string projectId) => Path.Combine(Project(projectId), "data");

    public string AppLogs => Path.Combine(settings.Root, "logs");

    /// <summary>The link to the log of the web process that has the traffic.</summary>
    public string AppLog(string projectId) => Path.Combine(AppLogs, projectId + ".log");

    /// <summary>The log of one unit: each has its own, so that what one writes is not taken for another's. Ids and processes have no dots.</summary>
    public string AppLog(string projectId, string slot, string? process = null) => Path.Combine(AppLogs, $"{projectId}.{(process is null ? "" : process + ".")}{slot}.log");

    public string Backups => Path.Combine(settings.Root, "backups");

    /// <summary>A project's archives.</summary>
    public string BackupsOf(string projectId) => Path.Combine(Backups, projectId);

    public string DeploymentLogs => Path.Combine(settings.Root, "logs", "deployments");

    public string Profile(string projectId) => Path.Combine(settings.ProfileDirectory, projectId);

    public string UnitFile(string unit) => Path.Combine(settings.UnitDirectory, unit);

    public string State => settings.StateDirectory;

    public string Journal => Path.Combine(settings.StateDirectory, "journal");

    public string Identity => Path.Combine(settings.StateDirectory, "identity.json");

    public string SigningKey => Path.Combine(settings.StateDirectory, "sign.key");

    public string SealingKey => Path.Combine(settings.StateDirectory, "seal.key");

    /// <summary>The update of the agent that is under way.</summary>
    public string Update => Path.Combine(settings.StateDirectory, "update.json");

    /// <summary>The sealing key before the last renewal.</summary>
    public string EarlierSealingKey => SealingKey + ".earlier";

    public string GitConfig => Path.Combine(settings.StateDirectory, "gitconfig");

    /// <summary>Makes the folders that are not there. What apps log and what is backed up is for root alone.</summary>
    public void CreateFolders()
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode Entered = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var folder in new[] { settings.Root, Projects, Path.Combine(Projects, "current"), Path.Combine(settings.Root, "cache"), Path.Combine(settings.Root, "edge", "switch") })
            Directory.CreateDirectory(folder, Entered);
        foreach (var folder in new[] { Path.Combine(settings.Root, "logs"), DeploymentLogs, Backups, State, Journal })
            Directory.CreateDirectory(folder, Owner);
    }
}
