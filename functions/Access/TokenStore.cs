using System.Collections.Concurrent;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Access;

/// <summary>The tokens of people and CI. Key: the hash of the token's text. Their last uses are kept apart, so that a use never writes a token.</summary>
internal sealed class TokenStore(IStateStore store, TimeProvider time)
{
    private const string Partition = "token";
    private const string Uses = "token-use";

    /// <summary>"Last used" is that exact, and costs that little.</summary>
    private static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> noted = new(StringComparer.Ordinal);

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

    /// <summary>Remembers that a token was used, at most once a minute.</summary>
    public async Task NoteUseAsync(AccessToken token, string? from, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!noted.TryGetValue(token.Id, out var last) || now - last >= UseInterval)
        {
            noted[token.Id] = now;
            await store.UpsertAsync(Uses, token.Id, new TokenUse(now, from), AccessJson.Default.TokenUse, ct);
        }
    }

    /// <summary>A page of tokens with their last uses.</summary>
    public async Task<Page<TokenView>> ListAsync(Paging paging, CancellationToken ct)
    {
        var page = await store.ListAsync(Partition, "", paging.Limit, paging.Continuation, AccessJson.Default.AccessToken, ct);
        var views = new List<TokenView>();
        foreach (var token in page.Items)
        {
            views.Add(TokenView.Of(token.Value, (await store.GetAsync(Uses, token.Value.Id, AccessJson.Default.TokenUse, ct))?.Value));
        }

        return new(views, Paging.Cursor(page.Continuation));
    }

    public async Task<bool> AnyAsync(CancellationToken ct) => (await store.ListAsync(Partition, "", 1, null, ct)).Items.Count > 0;

    /// <summary>Deletes a token, unless it is the last with which everything can be changed.</summary>
    public async Task<TokenDeletion> DeleteAsync(string id, CancellationToken ct)
    {
        var all = await store.ListAllAsync(Partition, "", AccessJson.Default.AccessToken, ct);
        if (all.FirstOrDefault(t => t.Value.Id == id) is not { } found)
        {
            return new(null, IsLastAdmin: false);
        }

        if (IsLasting(found.Value) && !all.Any(t => t.Value.Id != id && IsLasting(t.Value)))
        {
            return new(found.Value, IsLastAdmin: true);
        }

        await store.DeleteAsync(Partition, found.Key, null, ct);
        await store.DeleteAsync(Uses, id, null, ct);
        noted.TryRemove(id, out _);
        return new(found.Value, IsLastAdmin: false);
    }

    private static bool IsLasting(AccessToken token) => token is { Role: Role.Admin, Projects: null, ExpiresAt: null };
}

/// <summary>What became of a wish to delete a token.</summary>
/// <param name="Token">The token; null when there is none.</param>
/// <param name="IsLastAdmin">It was kept for that.</param>
internal sealed record TokenDeletion(AccessToken? Token, bool IsLastAdmin);
