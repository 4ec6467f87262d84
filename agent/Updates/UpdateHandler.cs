using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Events;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Updates;

/// <summary>
/// Replaces the agent by another binary. The new one is tried before it is put in place; then a timer of systemd is armed that puts the old one
/// back; then the agent restarts. The command stays unanswered in the journal, so the new agent goes on with it: it sends a heartbeat, stops the
/// timer, and answers. An agent that cannot do that is gone when the timer ends, and the old one answers.
/// </summary>
internal sealed class UpdateHandler(AgentPaths paths, AgentSettings settings, BinaryDownload download, ProcessRunner runner, HeartbeatService heartbeat, TimeProvider time)
{
    private const string Step = BinaryDownload.Step;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The file of this process.</summary>
    private readonly string binary = Environment.ProcessPath ?? "/usr/local/bin/vpspilot-agent";

    public async Task<CommandResult> RunAsync(CommandContext context, UpdateAgentCommand command, CancellationToken cancellationToken)
    {
        if (AgentUpdate.Load(paths) is { } under && under.CommandId == context.Command.CommandId)
        {
            if (await RunningHashAsync(cancellationToken) == under.Sha256)
                return await ReportAsync(cancellationToken);
            if (under.IsPutBack)
            {
                AgentUpdate.Forget(paths);
                return Failed(new(Step, FailureKind.Unhealthy, $"The agent {command.Version} did not report within {settings.Update.ReportWithin.TotalSeconds:0} s; {AgentVersion.Current} was put back.")
                {
                    Hint = "On the node: journalctl -u vpspilot-agent.",
                });
            }
        }

        return await RunningHashAsync(cancellationToken) == command.Sha256
            ? new() { Outcome = CommandOutcome.Succeeded }
            : Failed(await ReplaceAsync(context, command, cancellationToken));
    }

    /// <summary>Ends with this process when all goes well.</summary>
    private async Task<Failure> ReplaceAsync(CommandContext context, UpdateAgentCommand command, CancellationToken cancellationToken)
    {
        var update = new AgentUpdate { CommandId = context.Command.CommandId, Version = command.Version, Sha256 = command.Sha256, Binary = binary };
        try
        {
            if (await download.FetchAsync(command.Path, command.Sha256, update.New, cancellationToken) is { } failure)
                return failure;
            if (await TryAsync(update, cancellationToken) is { } unusable)
                return unusable;
            cancellationToken.ThrowIfCancellationRequested();
            update.Save(paths);
            KeepOld(update);
            var armed = await ArmAsync(update);
            if (!armed.IsSuccess)
            {
                AgentUpdate.Forget(paths);
                return armed.ToFailure(Step, "systemd-run", "Nothing was replaced: without the timer nobody could put the old agent back.");
            }

            File.Move(update.New, update.Binary, overwrite: true);
        }
        finally
        {
            File.Delete(update.New);
        }

        await runner.RunAsync(new("systemctl", UpdateCommands.Restart), CancellationToken.None);
        await Task.Delay(settings.Update.ReportWithin, time, cancellationToken);
        return new Failure(Step, FailureKind.Internal, "systemd did not restart the agent.") { Hint = "On the node: systemctl restart vpspilot-agent." };
    }

    /// <summary>The new binary has to run here, to be what it should be, and to find its settings and identity.</summary>
    private async Task<Failure?> TryAsync(AgentUpdate update, CancellationToken cancellationToken)
    {
        File.SetUnixFileMode(update.New, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var version = await runner.RunAsync(new(update.New, ["--version"]) { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken);
        if (!version.IsSuccess)
            return version.ToFailure(Step, "The new agent", "It does not run on this machine. Nothing was replaced.");
        if (version.Answer != update.Version)
            return new Failure(Step, FailureKind.Rejected, $"The new agent says that it is {version.Answer}, not {update.Version}. Nothing was replaced.");
        var check = await runner.RunAsync(new(update.New, UpdateCommands.SelfCheck(settings.File)) { Timeout = TimeSpan.FromSeconds(20) }, cancellationToken);
        return check.IsSuccess ? null : check.ToFailure(Step, "The self-check of the new agent", "Nothing was replaced.");
    }

    /// <summary>A copy beside, whole or absent: the name of the running binary is never without a file.</summary>
    private static void KeepOld(AgentUpdate update)
    {
        var beside = update.Old + ".tmp";
        File.Copy(update.Binary, beside, overwrite: true);
        File.Move(beside, update.Old, overwrite: true);
    }

    private async Task<ProcessResult> ArmAsync(AgentUpdate update)
    {
        await runner.RunAsync(new("systemctl", UpdateCommands.Disarm), CancellationToken.None);
        return await runner.RunAsync(new("systemd-run", UpdateCommands.ArmPutBack(update, settings.Update.ReportWithin, settings.File)), CancellationToken.None);
    }

    /// <summary>This is the new agent: it proves that it reaches the control plane. While it does not, the timer runs on.</summary>
    private async Task<CommandResult> ReportAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await heartbeat.BeatAsync(cancellationToken);
                break;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }

        // Too late: the old one is about to take over.
        if (AgentUpdate.Load(paths) is { IsPutBack: true })
            await Task.Delay(settings.Update.ReportWithin, time, cancellationToken);
        AgentUpdate.Forget(paths);
        await runner.RunAsync(new("systemctl", UpdateCommands.Disarm), CancellationToken.None);
        return new() { Outcome = CommandOutcome.Succeeded };
    }

    /// <summary>Of the program that runs, whatever lies under its name by now (proc_pid_exe(5)).</summary>
    private static Task<string> RunningHashAsync(CancellationToken cancellationToken) => BinaryDownload.HashOfAsync("/proc/self/exe", cancellationToken);

    private static CommandResult Failed(Failure failure) => new() { Outcome = CommandOutcome.Failed, Failure = failure };
}
