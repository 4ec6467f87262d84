namespace VpsPilot.Functions.Notices.Senders;

/// <summary>What became of one attempt to send.</summary>
/// <param name="Error">Why it was not taken, without a secret; null when it was.</param>
/// <param name="IsFinal">Trying again cannot help.</param>
internal sealed record SendOutcome(string? Error, bool IsFinal)
{
    public static readonly SendOutcome Sent = new(null, IsFinal: true);

    /// <summary>Not before then, as the receiver asked; null for the usual pause.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static SendOutcome Retry(string error) => new(error, IsFinal: false);

    public static SendOutcome GiveUp(string error) => new(error, IsFinal: true);
}
