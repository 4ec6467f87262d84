using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Tests;

/// <summary>The folders, settings and keys of an agent that is installed nowhere.</summary>
internal sealed class AgentFolder : IDisposable
{
    private readonly TempFolder folder = new();

    public AgentFolder()
    {
        Settings = new AgentSettings { Root = folder["root"], StateDirectory = folder["state"], UnitDirectory = folder["units"], ProfileDirectory = folder["profiles"], Heartbeat = TimeSpan.FromMinutes(5) };
        Paths = new AgentPaths(Settings);
        Keys = AgentKeys.LoadOrCreate(Paths);
    }

    public AgentSettings Settings { get; }

    public AgentPaths Paths { get; }

    public AgentKeys Keys { get; private set; }

    /// <summary>Path of something else in the folder.</summary>
    public string this[string name] => folder[name];

    /// <summary>The keys as a start finds them.</summary>
    public void ReadKeys()
    {
        Keys.Dispose();
        Keys = AgentKeys.LoadOrCreate(Paths);
    }

    public CommandJournal OpenJournal()
    {
        Paths.CreateFolders();
        return new(Paths.Journal, TimeProvider.System, NullLogger<CommandJournal>.Instance);
    }

    public void Dispose()
    {
        Keys.Dispose();
        folder.Dispose();
    }
}
