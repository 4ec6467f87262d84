using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.DurableTask.Hosting;
using VpsPilot.Embedded.Functions.Hosting.Invocation;

namespace VpsPilot.Embedded.Functions.Hosting.Durable;

/// <summary>Makes orchestrator and activity functions known to the Durable Task engine.</summary>
internal static class FunctionTasks
{
    public static void Register(DurableTaskRegistry registry, IEnumerable<FunctionInvoker> functions, TimeSpan? timeout, Func<IServiceProvider> services)
    {
        foreach (var function in functions)
        {
            switch (function.Function.Trigger)
            {
                case OrchestrationTriggerAttribute trigger:
                    // Orchestrators get no scope: they are replayed, and what they may use comes with their context.
                    registry.AddOrchestratorFunc<object?, object?>(trigger.Orchestration ?? function.Function.Name, (context, _) => function.InvokeAsync(services(), context));
                    break;
                case ActivityTriggerAttribute trigger:
                    registry.AddActivity(trigger.Activity ?? function.Function.Name, scope => new FunctionActivity(function, timeout, scope));
                    break;
                default:
                    break;
            }
        }
    }

    private sealed class FunctionActivity(FunctionInvoker function, TimeSpan? timeout, IServiceProvider scope) : ITaskActivity
    {
        public Type InputType { get; } = InputOf(function.Function.TriggerParameter.ParameterType);

        public Type OutputType => typeof(object);

        public async Task<object?> RunAsync(TaskActivityContext context, object? input)
        {
            var stop = scope.GetRequiredService<ActivityInterruption>().Token;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(timeout ?? Timeout.InfiniteTimeSpan);
            var value = function.Function.TriggerParameter.ParameterType == typeof(TaskActivityContext) ? context : input;
            try
            {
                return await function.InvokeAsync(scope, value, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { [ArgumentBinder.InstanceId] = context.InstanceId }, limit.Token);
            }
            catch (OperationCanceledException e) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                throw new TimeoutException($"Activity '{function.Function.Name}' did not end within {timeout} (functionTimeout of host.json).", e);
            }
        }

        private static Type InputOf(Type parameter) => parameter == typeof(TaskActivityContext) ? typeof(object) : parameter;
    }
}
