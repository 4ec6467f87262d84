using System.Collections.Concurrent;
using System.Diagnostics;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Tests.Processes;

public sealed class ProcessRunnerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly ProcessRunner runner = new(TimeProvider.System);

    [Fact]
    public async Task Arguments_reach_the_program_exactly_as_they_are()
    {
        string[] arguments = ["a b", "", "\"quoted\"", "back\\slash", "$HOME `id` $(id)", "it's", "new\nline", "-n", "ünï"];
        var result = await runner.RunAsync(new("printf", ["%s|", .. arguments]), default).WaitAsync(Soon);
        result.IsSuccess.ShouldBeTrue();
        result.Output.ShouldBe(string.Join('|', arguments) + "|\n");
    }

    [Fact]
    public async Task A_failure_has_the_exit_code_and_the_end_of_standard_error()
    {
        var result = await runner.RunAsync(new("sh", ["-c", "i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; exit 7"]), default).WaitAsync(Soon);
        var failure = result.ToFailure("compile", "the command", "look");
        (failure.Kind, failure.ExitCode, failure.Message, failure.Hint).ShouldBe((FailureKind.Exit, 7, "the command exited with code 7", "look"));
        failure.StderrTail.ShouldNotBeNull().ShouldEndWith("line 1999");
        failure.StderrTail.Length.ShouldBeInRange(3000, TailBuffer.MaxBytes);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_spawn_failure()
    {
        var result = await runner.RunAsync(new("no-such-program-here", []), default).WaitAsync(Soon);
        result.End.ShouldBe(ProcessEnd.NotStarted);
        result.ToFailure("fetch", "git").Kind.ShouldBe(FailureKind.Spawn);
    }

    [Fact]
    public async Task At_its_limit_a_process_is_stopped_with_its_children()
    {
        var clock = Stopwatch.StartNew();
        var mark = $"41.{Environment.ProcessId}1";
        var result = await runner.RunAsync(new("sh", ["-c", $"trap '' INT; sleep {mark} & sleep {mark}; wait"]) { Timeout = TimeSpan.FromMilliseconds(300) }, default).WaitAsync(Soon);
        result.End.ShouldBe(ProcessEnd.TimedOut);
        result.ToFailure("test", "it").Kind.ShouldBe(FailureKind.Timeout);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await IsAliveAsync(mark)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_canceled_process_is_gone_when_the_call_returns()
    {
        using var cancel = new CancellationTokenSource();
        var mark = $"42.{Environment.ProcessId}2";
        var running = runner.RunAsync(new("sleep", [mark]), cancel.Token);
        while (!await IsAliveAsync(mark))
            await Task.Delay(20);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Soon));
        (await IsAliveAsync(mark)).ShouldBeFalse();
    }

    [Fact]
    public async Task Both_outputs_are_shown_line_by_line_and_redacted()
    {
        var sink = new Sink(new Redactor(["hunter22"]));
        var result = await runner.RunAsync(new("sh", ["-c", "echo out hunter22; echo err hunter22 >&2; exit 1"]) { Output = sink, ShowOutput = true }, default).WaitAsync(Soon);
        sink.Lines.ShouldBe(["out [redacted]", "err [redacted]"], ignoreOrder: true);
        result.ErrorTail.ShouldNotContain("hunter22");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_environment_is_added_to_and_taken_from()
    {
        var request = new ProcessRequest("sh", ["-c", "echo ${A-none} ${HOME-none}"]) { Environment = new Dictionary<string, string?> { ["A"] = "x y", ["HOME"] = null } };
        (await runner.RunAsync(request, default).WaitAsync(Soon)).Answer.ShouldBe("x y none");
    }

    private async Task<bool> IsAliveAsync(string mark)
    {
        foreach (var file in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                if ((await File.ReadAllTextAsync(Path.Combine(file, "cmdline"))).StartsWith($"sleep\0{mark}\0", StringComparison.Ordinal))
                    return true;
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return false;
    }

    private sealed class Sink(Redactor redactor) : IOutputSink
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public string Write(string line)
        {
            Lines.Enqueue(redactor.Redact(line));
            return redactor.Redact(line);
        }
    }
}
