using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;

namespace VpsPilot.Agent.Updates;

/// <summary>What the timer runs, out of the old binary: when the new agent has not reported, the old one takes its place again.</summary>
internal static class PutBack
{
    /// <summary>True when it was put back; false when there was nothing to do.</summary>
    public static async Task<bool> RunAsync(AgentPaths paths, ProcessRunner runner, CancellationToken cancellationToken)
    {
        if (AgentUpdate.Load(paths) is not { IsPutBack: false } update || !File.Exists(update.Old))
            return false;
        var beside = update.Binary + ".tmp";
        File.Copy(update.Old, beside, overwrite: true);
        (update with { IsPutBack = true }).Save(paths);
        File.Move(beside, update.Binary, overwrite: true);
        await runner.RunAsync(new("systemctl", UpdateCommands.Restart), cancellationToken);
        return true;
    }
}
