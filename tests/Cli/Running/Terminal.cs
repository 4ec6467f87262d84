using System.Diagnostics;
using System.Text;

namespace VpsPilot.Cli.Tests.Running;

/// <summary>A command in a pseudo-terminal of its own (by <c>script</c>), with somebody who reads the screen and types.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    private const int Columns = 110;
    private const int Rows = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Screen screen = new(Columns);
    private readonly Task reading;

    private Terminal(Process process)
    {
        this.process = process;
        reading = ReadAsync();
    }

    /// <summary>What is on the screen now.</summary>
    public string Text
    {
        get
        {
            lock (screen)
            {
                return screen.Text;
            }
        }
    }

    public bool HasStyles => screen.HasStyles;

    public bool HasCursor => screen.HasCursor;

    /// <summary>Starts a shell command line with the home and the environment of a program.</summary>
    public static Terminal Start(CliProgram program, string commandLine, string? folder = null)
    {
        // A run of the tests in the background of a script has Ctrl-C ignored, and all that it starts would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "script", "-qefc", $"stty cols {Columns} rows {Rows}; {commandLine}", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? program.Home,
        };
        foreach (var (name, value) in program.AllVariables())
        {
            start.Environment[name] = value;
        }

        start.Environment["TERM"] = program.Environment.GetValueOrDefault("TERM") ?? "xterm-256color";
        start.Environment["SHELL"] = "/bin/bash";
        start.Environment["PATH"] = $"{Path.GetDirectoryName(CliProgram.Binary)}:{Environment.GetEnvironmentVariable("PATH")}";
        return new Terminal(Process.Start(start)!);
    }

    /// <summary>Types.</summary>
    public async Task TypeAsync(string keys)
    {
        await process.StandardInput.WriteAsync(keys);
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until the screen has a text.</summary>
    public async Task UntilAsync(string text)
    {
        var clock = Stopwatch.StartNew();
        while (!Text.Contains(text, StringComparison.Ordinal))
        {
            (clock.Elapsed < Limit && !(process.HasExited && reading.IsCompleted)).ShouldBeTrue($"'{text}' did not appear on:\n{Text}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until the command has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Limit);
        await reading.WaitAsync(Limit);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await reading;
        process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        int read;
        while ((read = await process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (screen)
            {
                foreach (var c in buffer.AsSpan(0, read))
                {
                    screen.Write(c);
                }
            }
        }
    }
}
