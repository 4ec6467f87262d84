using System.Text.Json.Serialization;

namespace VpsPilot.Contracts;

/// <summary>
/// An expected failure, as a value: what went wrong, where, and the next thing to do.
/// It travels from the agent to the control plane and to the user unchanged, and never carries a secret.
/// </summary>
/// <param name="Step">The stage that failed, one of <see cref="Stages"/> or an operation's name.</param>
/// <param name="Kind">What class of failure it is.</param>
/// <param name="Message">One clear line for a person.</param>
public sealed record Failure(string Step, FailureKind Kind, string Message)
{
    /// <summary>Exit code of the process that failed; null when there was none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last lines the process wrote to standard error (at most 4 KiB), redacted.</summary>
    public string? StderrTail { get; init; }

    /// <summary>The next thing to do, as one sentence; null when there is nothing better to say than the message.</summary>
    public string? Hint { get; init; }

    /// <summary>Every single mistake where the input has several; empty otherwise.</summary>
    public IReadOnlyList<Problem> Problems { get => field ?? []; init; } = [];

    /// <summary>The failure in one line: <c>step: message</c>.</summary>
    public override string ToString() => $"{Step}: {Message}";
}

/// <summary>One mistake in an input document.</summary>
/// <param name="Path">JSON path of the value, for example <c>$.deployment.health_check.retries</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Line">One-based line in the document; null when unknown.</param>
public sealed record Problem(string Path, string Message, int? Line = null);

/// <summary>The class of a <see cref="Failure"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureKind>))]
public enum FailureKind
{
    /// <summary>The process could not be started.</summary>
    [JsonStringEnumMemberName("spawn")] Spawn,

    /// <summary>The process ended with a code other than zero.</summary>
    [JsonStringEnumMemberName("exit")] Exit,

    /// <summary>It took longer than its limit.</summary>
    [JsonStringEnumMemberName("timeout")] Timeout,

    /// <summary>The input was refused before anything was touched.</summary>
    [JsonStringEnumMemberName("rejected")] Rejected,

    /// <summary>The app started but did not become, or did not stay, healthy.</summary>
    [JsonStringEnumMemberName("unhealthy")] Unhealthy,

    /// <summary>A person or a newer deployment canceled it.</summary>
    [JsonStringEnumMemberName("canceled")] Canceled,

    /// <summary>The node or its agent stopped answering.</summary>
    [JsonStringEnumMemberName("lost")] Lost,

    /// <summary>A fault in VPS Pilot itself.</summary>
    [JsonStringEnumMemberName("internal")] Internal,
}
