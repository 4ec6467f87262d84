using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Access;

/// <summary>Makes the first admin token when there is no token at all; it is written to <c>admin-token</c>, and shown once on a console; where output goes to a log, only the file is named.</summary>
internal sealed class AdminToken(TokenStore tokens, TimeProvider time, DataDirectory data)
{
    public async Task EnsureAsync(CancellationToken ct)
    {
        if (await tokens.AnyAsync(ct))
        {
            return;
        }

        // The file first: a stop between the two leaves a file that the next start replaces, not a token that nobody knows.
        var text = Tokens.Create(Tokens.Access);
        data.WriteSecret("admin-token", text + "\n");
        await tokens.AddAsync(text, new AccessToken { Id = "admin", Name = "admin", Role = Role.Admin, Prefix = Tokens.Shown(text), CreatedAt = time.GetUtcNow() }, ct);
        await Console.Out.WriteLineAsync(Console.IsOutputRedirected
            ? $"The admin token is in {data.PathOf("admin-token")}."
            : $"Admin token (shown once; also in {data.PathOf("admin-token")}): {text}");
    }
}
