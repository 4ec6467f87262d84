namespace Microsoft.Azure.Functions.Worker;

/// <summary>The addresses at which an orchestration is managed.</summary>
public class HttpManagementPayload
{
    /// <summary>Instance id.</summary>
    public string? Id { get; internal set; }

    /// <summary>GET: its status.</summary>
    public string? StatusQueryGetUri { get; internal set; }

    /// <summary>POST: an event; <c>{eventName}</c> is to be replaced.</summary>
    public string? SendEventPostUri { get; internal set; }

    /// <summary>POST: ends it; <c>{text}</c> is the reason.</summary>
    public string? TerminatePostUri { get; internal set; }

    /// <summary>POST: rewinds it.</summary>
    public string? RewindPostUri { get; internal set; }

    /// <summary>DELETE: removes its history.</summary>
    public string? PurgeHistoryDeleteUri { get; internal set; }

    /// <summary>POST: starts it anew.</summary>
    public string? RestartPostUri { get; internal set; }

    /// <summary>POST: suspends it; <c>{text}</c> is the reason.</summary>
    public string? SuspendPostUri { get; internal set; }

    /// <summary>POST: resumes it; <c>{text}</c> is the reason.</summary>
    public string? ResumePostUri { get; internal set; }
}
