using System.ComponentModel;
using System.Text;
using CliWrap;

namespace VpsPilot.Agent.Processes;

/// <summary>The one place where processes are started.</summary>
internal sealed class ProcessRunner(TimeProvider time)
{
    private const int MaxOutput = 1024 * 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Runs to the end. At the time limit, or when canceled, the process is interrupted, and after two seconds killed with all it started.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> ended, and so has the process.</exception>
    public async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        var tail = new TailBuffer();
        void Show(string line) => tail.Add(request.Output?.Write(line) ?? line);
        void Keep(string line)
        {
            if (request.ShowOutput)
                Show(line);
            else if (output.Length + line.Length < MaxOutput)
                output.Append(line).Append('\n');
        }

        using var limit = new CancellationTokenSource(request.Timeout, time);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var kill = new CancellationTokenSource();
        await using var killLater = interrupt.Token.Register(() => kill.CancelAfter(Grace));
        var command = Cli.Wrap(request.Program)
            .WithArguments(request.Arguments)
            .WithEnvironmentVariables(request.Environment)
            .WithWorkingDirectory(request.WorkingDirectory ?? "/")
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.Create((stream, ct) => LineSplitter.ReadAsync(stream, Keep, ct)))
            .WithStandardErrorPipe(PipeTarget.Create((stream, ct) => LineSplitter.ReadAsync(stream, Show, ct)));
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await command.ExecuteAsync(kill.Token, interrupt.Token);
            cancellationToken.ThrowIfCancellationRequested();
            return new(ProcessEnd.Exited, result.ExitCode, output.ToString(), tail.ToString());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(ProcessEnd.TimedOut, -1, output.ToString(), tail.ToString());
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or DirectoryNotFoundException)
        {
            return new(ProcessEnd.NotStarted, -1, "", e.Message);
        }
    }
}
