namespace Microsoft.DurableTask;

/// <summary>Names a class-based orchestrator or activity; without it the class's name counts.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = false)]
public sealed class DurableTaskAttribute : Attribute
{
    /// <summary>Names the class.</summary>
    public DurableTaskAttribute(string? name = null) => Name = string.IsNullOrEmpty(name) ? default : new TaskName(name);

    /// <summary>The name; the default value means the class's name.</summary>
    public TaskName Name { get; }

    /// <summary>Version of the class; null means none.</summary>
    public string? Version { get; set; }
}
