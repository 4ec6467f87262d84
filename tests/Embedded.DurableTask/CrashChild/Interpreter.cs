using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace VpsPilot.Embedded.DurableTask.Tests.Programs;

/// <summary>Runs programs on an engine. The result depends on the program alone.</summary>
public static class Interpreter
{
    public const string Name = "Program";

    private static readonly TaskOptions Retry = TaskOptions.FromRetryPolicy(new RetryPolicy(10, TimeSpan.FromMilliseconds(1)));

    /// <param name="registry">Where the orchestrator and its activities go.</param>
    /// <param name="ran">Told of every run of an activity: instance and key.</param>
    public static void Register(DurableTaskRegistry registry, Action<string, string> ran) => registry
        .AddOrchestratorFunc<ProgramState, long>(Name, RunAsync)
        .AddActivityFunc<Keyed, int>("Call", (context, input) =>
        {
            ran(context.InstanceId, input.Key);
            return input.Value + 1;
        })
        .AddActivityFunc<Keyed, int>("Flaky", (context, input) =>
        {
            ran(context.InstanceId, input.Key);
            return input.Value < 0 ? throw new InvalidOperationException("not this time") : input.Value + 2;
        })
        .AddActivity("Send", services => FuncTaskActivity.Create<Keyed, int>(async (context, input) =>
        {
            ran(context.InstanceId, input.Key);
            await services.GetRequiredService<DurableTaskClient>().RaiseEventAsync(context.InstanceId, input.Key, input.Value);
            return 0;
        }));

    /// <summary>What a program must come to.</summary>
    public static long Expected(IEnumerable<Step> steps) => steps.Sum(Expected);

    private static long Expected(Step step) => step switch
    {
        Step.Call call => call.Value + 1,
        Step.Flaky flaky => flaky.Value + 2 + flaky.Failures,
        Step.Event sent => sent.Value,
        Step.Together together => Expected(together.Steps),
        Step.Child child => Expected(child.Steps) * 3,
        Step.FirstOf => 7,
        _ => 0,
    };

    private static async Task<long> RunAsync(TaskOrchestrationContext context, ProgramState state)
    {
        var sum = state.Sum;
        for (var i = state.Next; i < state.Steps.Length; i++)
        {
            sum += await RunAsync(context, state.Steps[i], $"{i}");
            context.SetCustomStatus(i);
            if (state.StartOverAfter > 0 && (i + 1) % state.StartOverAfter == 0 && i + 1 < state.Steps.Length)
            {
                context.ContinueAsNew(state with { Next = i + 1, Sum = sum });
                return 0;
            }
        }

        return sum;
    }

    private static async Task<long> RunAsync(TaskOrchestrationContext context, Step step, string key)
    {
        switch (step)
        {
            case Step.Call call:
                return await context.CallActivityAsync<int>("Call", new Keyed(key, call.Value));
            case Step.Flaky flaky:
                return await FlakyAsync(context, flaky, key);
            case Step.Sleep sleep:
                await context.CreateTimer(TimeSpan.FromMilliseconds(sleep.Milliseconds), CancellationToken.None);
                return 0;
            case Step.Event sent:
                var arrival = context.WaitForExternalEvent<int>(key);
                await context.CallActivityAsync<int>("Send", new Keyed(key, sent.Value));
                return await arrival;
            case Step.Together together:
                return (await Task.WhenAll(together.Steps.Select((s, i) => RunAsync(context, s, $"{key}.{i}")))).Sum();
            case Step.Child child:
                return 3 * await context.CallSubOrchestratorAsync<long>(Name, new ProgramState(child.Steps, 0, 0, 0));
            case Step.FirstOf first:
                try
                {
                    return await context.WaitForExternalEvent<int>("never " + key, TimeSpan.FromMilliseconds(first.Milliseconds));
                }
                catch (OperationCanceledException)
                {
                    return 7;
                }

            default:
                throw new InvalidOperationException($"Unknown step {step}.");
        }
    }

    /// <summary>Fails by its input, so that the number of failures does not depend on how often the engine was killed.</summary>
    private static async Task<long> FlakyAsync(TaskOrchestrationContext context, Step.Flaky flaky, string key)
    {
        var failures = 0;
        while (failures < flaky.Failures)
        {
            try
            {
                await context.CallActivityAsync<int>("Flaky", new Keyed($"{key}f{failures}", -1));
            }
            catch (TaskFailedException e) when (e.FailureDetails.IsCausedBy<InvalidOperationException>())
            {
                failures++;
            }
        }

        return failures + await context.CallActivityAsync<int>("Flaky", new Keyed(key, flaky.Value), Retry);
    }

    public sealed record Keyed(string Key, int Value);
}
