using Microsoft.Extensions.Hosting;

namespace Microsoft.DurableTask.Worker
{
    /// <summary>Makes orchestrators and activities by name.</summary>
    public interface IDurableTaskFactory
    {
        /// <summary>Makes an activity; false when there is none of that name.</summary>
        bool TryCreateActivity(TaskName name, IServiceProvider serviceProvider, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ITaskActivity? activity);

        /// <summary>Makes an orchestrator; false when there is none of that name.</summary>
        bool TryCreateOrchestrator(TaskName name, IServiceProvider serviceProvider, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ITaskOrchestrator? orchestrator);
    }
}

namespace Microsoft.DurableTask.Worker.Hosting
{
    /// <summary>A worker.</summary>
    public abstract class DurableTaskWorker : BackgroundService
    {
        /// <summary>A worker.</summary>
        protected DurableTaskWorker(string? name, IDurableTaskFactory factory)
        {
            Name = name ?? string.Empty;
            Factory = factory;
        }

        /// <summary>Its name.</summary>
        protected virtual string Name { get; }

        /// <summary>What makes its tasks.</summary>
        protected virtual IDurableTaskFactory Factory { get; }

        /// <summary>Adds facts of exceptions to failure details.</summary>
        protected IExceptionPropertiesProvider? ExceptionPropertiesProvider { get; set; }
    }
}
