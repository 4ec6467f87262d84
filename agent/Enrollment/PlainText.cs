namespace VpsPilot.Agent.Enrollment;

/// <summary>
/// Addresses at which others on the way could read and change what is said: tokens, credentials, logs. On loopback there is nobody on the way; elsewhere
/// a person has to say that the network is their own.
/// </summary>
internal static class PlainText
{
    /// <summary>The flag of <c>enroll</c> by which it is said.</summary>
    public const string Flag = "--allow-plain-text";

    /// <summary>http or amqp, not on loopback.</summary>
    public static bool IsOpen(Uri address) => address.Scheme is "http" or "amqp" && !address.IsLoopback;

    /// <summary>The same of a text; what is no address at all is for others to refuse.</summary>
    public static bool IsOpen(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) && IsOpen(url);
}
