using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using VpsPilot.Embedded.Functions.Hosting.Invocation;

namespace VpsPilot.Embedded.Functions.Hosting.Durable;

/// <summary>Makes orchestrator and activity functions known to the Durable Task engine.</summary>
internal static class FunctionTasks
{
    public static void Register(DurableTaskRegistry registry, IEnumerable<FunctionInvoker> functions, Func<IServiceProvider> services)
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
                    registry.AddActivity(trigger.Activity ?? function.Function.Name, scope => new FunctionActivity(function, scope));
                    break;
                default:
                    break;
            }
        }
    }

    private sealed class FunctionActivity(FunctionInvoker function, IServiceProvider scope) : ITaskActivity
    {
        public Type InputType { get; } = InputOf(function.Function.TriggerParameter.ParameterType);

        public Type OutputType => typeof(object);

        public Task<object?> RunAsync(TaskActivityContext context, object? input) =>
            function.InvokeAsync(scope, InputType == typeof(object) && function.Function.TriggerParameter.ParameterType == typeof(TaskActivityContext) ? context : input, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { [ArgumentBinder.InstanceId] = context.InstanceId });

        private static Type InputOf(Type parameter) => parameter == typeof(TaskActivityContext) ? typeof(object) : parameter;
    }
}
