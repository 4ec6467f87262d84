using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Keys;

namespace VpsPilot.Functions.Access;

/// <summary>
/// Makes the first admin token when there is no token at all. It is in the key store as <c>admin-token</c>; where that is a file and a person looks
/// on, it is also shown once on the console. Where output goes to a log, only its place is named.
/// </summary>
internal sealed class AdminToken(TokenStore tokens, IKeyStore keys, ControlPlaneOptions options, TimeProvider time)
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
        await Console.Out.WriteLineAsync(options.KeyVaultUrl is not null || Console.IsOutputRedirected
            ? $"The admin token is in {keys.PlaceOf(KeyNames.AdminToken)}."
            : $"Admin token (shown once; also in {keys.PlaceOf(KeyNames.AdminToken)}): {text}");
    }
}
