using System.Globalization;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Commands;

/// <summary>Runs stages, and says in events and in the log when each started, how it ended and how long it took.</summary>
internal sealed class StageReporter(Action<StageProgress> report, CommandOutput output, TimeProvider time)
{
    public async Task<Result<T>> RunAsync<T>(string stage, Func<Task<Result<T>>> work, Func<T, string?>? detail = null)
        where T : class
    {
        var started = time.GetTimestamp();
        report(new() { Stage = stage, State = StageState.Started });
        output.Write($"==> {stage}");
        try
        {
            var result = await work();
            if (result.Is(out var value, out var failure))
            {
                End(stage, StageState.Completed, started, detail?.Invoke(value));
                return value;
            }

            failure = output.Redact(failure);
            End(stage, StageState.Failed, started, failure.Message);
            return failure;
        }
        catch (OperationCanceledException)
        {
            End(stage, StageState.Failed, started, "canceled");
            throw;
        }
        catch (Exception)
        {
            End(stage, StageState.Failed, started, "internal fault");
            throw;
        }
    }

    public void Skip(string stage, string? detail = null) => report(new() { Stage = stage, State = StageState.Skipped, DurationMilliseconds = 0, Detail = detail });

    private void End(string stage, StageState state, long started, string? detail)
    {
        var elapsed = time.GetElapsedTime(started);
        report(new() { Stage = stage, State = state, DurationMilliseconds = (long)elapsed.TotalMilliseconds, Detail = detail });
        var end = state == StageState.Completed ? "done" : "failed";
        output.Write(string.Create(CultureInfo.InvariantCulture, $"<== {stage} {end} in {elapsed.TotalSeconds:0.00} s{(detail is null ? "" : ": " + detail)}"));
    }
}
