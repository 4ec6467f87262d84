using System.Diagnostics.CodeAnalysis;

namespace DurableTask.Core.Exceptions;

/// <summary>An instance of that id exists in a status that forbids a new one.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only the message is ever given.")]
public class OrchestrationAlreadyExistsException : Exception
{
    /// <summary>An exception with a message.</summary>
    public OrchestrationAlreadyExistsException(string message)
        : base(message)
    {
    }
}
