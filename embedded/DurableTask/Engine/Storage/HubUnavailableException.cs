namespace VpsPilot.Embedded.DurableTask.Engine.Storage;

/// <summary>The task hub cannot be opened; the message says why and what to do.</summary>
public sealed class HubUnavailableException : Exception
{
    /// <summary>An exception with a message.</summary>
    public HubUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and a cause.</summary>
    public HubUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception.</summary>
    public HubUnavailableException()
    {
    }
}
