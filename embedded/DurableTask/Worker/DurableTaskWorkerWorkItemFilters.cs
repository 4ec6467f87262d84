using System.Diagnostics.CodeAnalysis;

namespace Microsoft.DurableTask.Worker;

/// <summary>Which work a worker asks for; the embedded engine has one worker, which takes everything.</summary>
[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The shape is that of the public package.")]
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "The shape is that of the public package.")]
public class DurableTaskWorkerWorkItemFilters
{
    /// <summary>Orchestrations.</summary>
    public IReadOnlyList<OrchestrationFilter> Orchestrations { get; set; } = [];

    /// <summary>Activities.</summary>
    public IReadOnlyList<ActivityFilter> Activities { get; set; } = [];

    /// <summary>Entities.</summary>
    public IReadOnlyList<EntityFilter> Entities { get; set; } = [];

    /// <summary>An orchestration.</summary>
    public struct OrchestrationFilter
    {
        /// <summary>Nothing in particular.</summary>
        public OrchestrationFilter()
            : this(string.Empty, [])
        {
        }

        /// <summary>A name and its versions.</summary>
        public OrchestrationFilter(string name, IReadOnlyList<string> versions) => (Name, Versions) = (name, versions);

        /// <summary>Name.</summary>
        public string Name { get; init; }

        /// <summary>Versions.</summary>
        public IReadOnlyList<string> Versions { get; init; }
    }

    /// <summary>An activity.</summary>
    public struct ActivityFilter
    {
        /// <summary>Nothing in particular.</summary>
        public ActivityFilter()
            : this(string.Empty, [])
        {
        }

        /// <summary>A name and its versions.</summary>
        public ActivityFilter(string name, IReadOnlyList<string> versions) => (Name, Versions) = (name, versions);

        /// <summary>Name.</summary>
        public string Name { get; init; }

        /// <summary>Versions.</summary>
        public IReadOnlyList<string> Versions { get; init; }
    }

    /// <summary>An entity.</summary>
    public struct EntityFilter
    {
        /// <summary>Nothing in particular.</summary>
        public EntityFilter()
            : this(string.Empty)
        {
        }

        /// <summary>A name.</summary>
        public EntityFilter(string name) => Name = name;

        /// <summary>Name.</summary>
        public string Name { get; init; }
    }
}
