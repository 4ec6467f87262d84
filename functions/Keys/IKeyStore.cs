namespace VpsPilot.Functions.Keys;

/// <summary>
/// The control plane's own secrets, each a text under a name (lower-case letters, digits and dashes): the keys that it signs and encrypts with,
/// and its first admin token. Several processes that ask for the same name at once get the same text.
/// </summary>
internal interface IKeyStore
{
    /// <summary>Where a person finds the text of that name; for messages.</summary>
    string PlaceOf(string name);

    /// <summary>The text as it is now; made by <paramref name="create"/> and stored when there is none. Of several that make one, one is kept.</summary>
    Task<string> ReadOrCreateAsync(string name, Func<string> create, CancellationToken ct);

    /// <summary>Puts another text in the place of <paramref name="expected"/>; false when that was not the text any more, which changes nothing.</summary>
    Task<bool> ReplaceAsync(string name, string expected, string text, CancellationToken ct);
}
