using VpsPilot.Functions.Keys;

namespace VpsPilot.Functions.Access;

/// <summary>Makes the first admin token when there is no token at all; it is in the key store as <c>admin-token</c>, and shown once on a console; where output goes to a log, only its place is named.</summary>
internal sealed class AdminToken(TokenStore tokens, IKeyStore keys, TimeProvider time)
{
    public async Task EnsureAsync(CancellationToken ct)
    {
        if (await tokens.AnyAsync(ct))
        {
            return;
        }

        // Stored first: a stop between the two leaves a text that the next start takes, not a token that nobody knows.
        var text = await keys.ReadOrCreateAsync(KeyNames.AdminToken, () => Tokens.Create(Tokens.Access), ct);
        await tokens.AddAsync(text, new AccessToken { Id = "admin", Name = "admin", Role = Role.Admin, Prefix = Tokens.Shown(text), CreatedAt = time.GetUtcNow() }, ct);
        await Console.Out.WriteLineAsync(Console.IsOutputRedirected
            ? $"The admin token is in {keys.PlaceOf(KeyNames.AdminToken)}."
            : $"Admin token (shown once; also in {keys.PlaceOf(KeyNames.AdminToken)}): {text}");
    }
}
