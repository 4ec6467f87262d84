using System.Text.RegularExpressions;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Queues;

/// <summary>Names of queues and of what lies under them.</summary>
internal static partial class QueueName
{
    public const string DeadLetterSuffix = "/$deadletterqueue";
    public const string ManagementSuffix = "/$management";

    /// <summary>Letters, digits and <c>. - _ /</c>, at most 260; starts and ends with a letter or digit.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= 260 && Pattern().IsMatch(name);

    public static void Check(string name)
    {
        if (!IsValid(name))
            throw new ArgumentException($"'{name}' is not a queue name: 1 to 260 letters, digits, '.', '-', '_' and '/', with a letter or digit at both ends.", nameof(name));
    }

    /// <summary>Splits an address into the queue and the box it names.</summary>
    public static (string Queue, Box Box) Parse(string address)
    {
        address = address.Trim('/');
        return address.EndsWith(DeadLetterSuffix, StringComparison.OrdinalIgnoreCase)
            ? (address[..^DeadLetterSuffix.Length], Box.DeadLetter)
            : (address, Box.Active);
    }

    /// <summary>The queue that a dead-letter queue or a management node belongs to: rights are given on queues.</summary>
    public static string WithoutSuffix(string path)
    {
        foreach (var suffix in (string[])[ManagementSuffix, DeadLetterSuffix])
        {
            if (path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
                path = path[..^suffix.Length];
        }
        return path;
    }

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
