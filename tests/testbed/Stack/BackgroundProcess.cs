using System.Diagnostics;

namespace VpsPilot.Testbed.Stack;

/// <summary>A process of its own session whose output goes straight to a file, so that it may outlive the program that started it.</summary>
public static class BackgroundProcess
{
    /// <summary>Starts a command.</summary>
    /// <param name="logFile">Where standard output and error are appended.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="workingDirectory">Its working directory.</param>
    public static Process Start(string logFile, IReadOnlyList<string> command, string workingDirectory) =>
        Process.Start(new ProcessStartInfo("setsid", ["/bin/sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", logFile, .. command]) { WorkingDirectory = workingDirectory })!;

    /// <summary>Asks the process to end (SIGTERM), and ends it (SIGKILL) when it has not by the limit.</summary>
    public static async Task StopAsync(Process process, TimeSpan limit)
    {
        if (process.HasExited)
        {
            return;
        }

        using var terminate = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
