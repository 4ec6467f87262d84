using VpsPilot.Agent.Hosting;

namespace VpsPilot.Agent.Builds;

/// <summary>The folders of one build. Everything in them can be thrown away.</summary>
internal sealed class BuildWorkspace(AgentPaths paths, string projectId, string deploymentId)
{
    /// <summary>For the owner alone.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode AllOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string ProjectId => projectId;

    private readonly string cache = paths.Cache(projectId);

    public string Directory { get; } = paths.BuildDirectory(projectId, deploymentId);

    /// <summary>The commit's files.</summary>
    public string Source => Path.Combine(Directory, "source");

    /// <summary>The compiled tree on its way from or to another node.</summary>
    public string Archive => Path.Combine(Directory, "tree.tar.gz");

    /// <summary>What was in the archive of another node.</summary>
    public string Received => Path.Combine(Directory, "received");

    /// <summary>The rendered flake that seals.</summary>
    public string Flake => Path.Combine(Directory, "flake");

    /// <summary>Environment of build and test commands.</summary>
    public string EnvironmentFile => Path.Combine(Directory, "build.env");

    /// <summary>HOME of the build commands; caches of package managers live on in it.</summary>
    public string Home { get; } = paths.BuildHome(projectId);

    public void Create()
    {
        Delete();
        // Of the project's own build user only the group is let in, see SystemUsers.LetInAsync; nobody else sees what is in here.
        System.IO.Directory.CreateDirectory(cache, Private);
        if (File.GetUnixFileMode(cache) is var mode && (mode & AllOthers) != UnixFileMode.None)
            File.SetUnixFileMode(cache, mode & ~AllOthers);
        System.IO.Directory.CreateDirectory(Directory);
        System.IO.Directory.CreateDirectory(Flake);
        System.IO.Directory.CreateDirectory(Home, Private);
    }

    public void Delete()
    {
        if (System.IO.Directory.Exists(Directory))
            System.IO.Directory.Delete(Directory, recursive: true);
    }
}
