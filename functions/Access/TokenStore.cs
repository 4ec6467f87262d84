using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Access;

/// <summary>The tokens of people and CI. Key: the hash of the token's text.</summary>
internal sealed class TokenStore(IStateStore store, TimeProvider time)
{
    private const string Partition = "token";

    /// <summary>Makes a token. Its text is only in this answer.</summary>
    public async Task<(string Text, AccessToken Token)> CreateAsync(string name, Role role, IReadOnlyList<string>? projects, DateTimeOffset? expiresAt, CancellationToken ct)
    {
        var text = Tokens.Create(Tokens.Access);
        var token = new AccessToken
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Name = name,
            Role = role,
            Projects = projects,
            Prefix = Tokens.Shown(text),
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = expiresAt,
        };
        await AddAsync(text, token, ct);
        return (text, token);
    }

    public Task AddAsync(string text, AccessToken token, CancellationToken ct) =>
        store.InsertAsync(Partition, Tokens.Hash(text), token, AccessJson.Default.AccessToken, ct);

    /// <summary>The token of that text; null when there is none or it has expired.</summary>
    public async Task<AccessToken?> FindAsync(string text, CancellationToken ct)
    {
        var token = (await store.GetAsync(Partition, Tokens.Hash(text), AccessJson.Default.AccessToken, ct))?.Value;
        return token is null || token.ExpiresAt <= time.GetUtcNow() ? null : token;
    }

    public async Task<IReadOnlyList<AccessToken>> ListAsync(CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition, "", AccessJson.Default.AccessToken, ct)).Select(t => t.Value).OrderBy(t => t.CreatedAt)];

    public async Task<bool> AnyAsync(CancellationToken ct) => (await store.ListAsync(Partition, "", 1, null, ct)).Items.Count > 0;

    /// <summary>False when there is no such token.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken ct)
    {
        var found = (await store.ListAllAsync(Partition, "", AccessJson.Default.AccessToken, ct)).FirstOrDefault(t => t.Value.Id == id);
        return found is not null && await store.DeleteAsync(Partition, found.Key, null, ct);
    }
}
