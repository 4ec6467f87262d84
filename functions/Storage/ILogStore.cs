namespace VpsPilot.Functions.Storage;

/// <summary>Append-only texts of bytes, by name (segments of letters, digits, dots and dashes, separated by slashes). An append that was accepted is durable.</summary>
internal interface ILogStore
{
    /// <summary>
    /// Appends <paramref name="bytes"/> if the log is <paramref name="offset"/> bytes long now; otherwise changes nothing.
    /// Of several writers with the same offset one is accepted.
    /// </summary>
    Task<LogAppend> AppendAsync(string name, long offset, ReadOnlyMemory<byte> bytes, CancellationToken ct);

    /// <summary>Length in bytes; 0 when there is no such log.</summary>
    Task<long> LengthAsync(string name, CancellationToken ct);

    /// <summary>The bytes from <paramref name="offset"/> to the end at the time of the call; an empty stream when there is no such log or it is shorter.</summary>
    Task<Stream> OpenReadAsync(string name, long offset, CancellationToken ct);

    /// <summary>Deletes every log whose name starts with <paramref name="prefix"/>, a whole segment or several. Nothing there is no error.</summary>
    Task DeleteAsync(string prefix, CancellationToken ct);
}

/// <summary>What became of an append.</summary>
/// <param name="Accepted">False when the offset was not the length.</param>
/// <param name="Length">Length in bytes afterwards.</param>
internal sealed record LogAppend(bool Accepted, long Length);
