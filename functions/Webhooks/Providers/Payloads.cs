using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Webhooks.Providers;

/// <summary>The part of GitHub's and Gitea's push that matters here; everything else is skipped unread.</summary>
internal sealed record GitHubPush
{
    public string? Ref { get; init; }

    public string? Before { get; init; }

    /// <summary>The commit after the push; zeros when the ref was deleted.</summary>
    public string? After { get; init; }

    public bool Created { get; init; }

    public bool Deleted { get; init; }

    public bool Forced { get; init; }

    public GitHubCommit? HeadCommit { get; init; }

    public GitHubPusher? Pusher { get; init; }
}

internal sealed record GitHubCommit(string? Id, string? Message);

/// <summary>GitHub names the pusher in <c>name</c>, Gitea in <c>login</c> and <c>username</c>.</summary>
internal sealed record GitHubPusher(string? Name, string? Login, string? Username);

/// <summary>The commits of a push, read only where paths matter.</summary>
internal sealed record PushedCommits
{
    public IReadOnlyList<PushedCommit> Commits { get => field ?? []; init; } = [];

    /// <summary>Gitea's count of all commits.</summary>
    public int TotalCommits { get; init; }
}

/// <summary>One commit with what it touched.</summary>
internal sealed record PushedCommit
{
    public string? Id { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<string>? Added { get; init; }

    public IReadOnlyList<string>? Modified { get; init; }

    public IReadOnlyList<string>? Removed { get; init; }

    [JsonIgnore]
    public IEnumerable<string> Paths => [.. Added ?? [], .. Modified ?? [], .. Removed ?? []];
}

internal sealed record GitLabPush
{
    public string? Ref { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    /// <summary>The commit, where <see cref="After"/> is an annotated tag; null when the ref was deleted.</summary>
    public string? CheckoutSha { get; init; }

    public string? UserUsername { get; init; }

    public string? UserName { get; init; }

    public IReadOnlyList<PushedCommit> Commits { get => field ?? []; init; } = [];

    public int TotalCommitsCount { get; init; }
}

internal sealed record BitbucketPush(BitbucketChanges? Push, BitbucketActor? Actor);

internal sealed record BitbucketChanges(IReadOnlyList<BitbucketChange>? Changes);

/// <summary>One ref; <see cref="New"/> is null when it was deleted, <see cref="Old"/> when it was made.</summary>
internal sealed record BitbucketChange(BitbucketRef? Old, BitbucketRef? New);

internal sealed record BitbucketRef(string? Type, string? Name, BitbucketTarget? Target);

internal sealed record BitbucketTarget(string? Hash, string? Message);

internal sealed record BitbucketActor(string? Nickname, string? DisplayName);

/// <summary>Body of a generic delivery.</summary>
/// <param name="Branch">The branch; or null and a tag.</param>
/// <param name="Tag">The tag; or null and a branch.</param>
/// <param name="Commit">Full commit id.</param>
/// <param name="Message">The commit's message; optional.</param>
/// <param name="By">Who asks; optional.</param>
/// <param name="Paths">All paths that changed; null when unknown.</param>
internal sealed record GenericPush(string? Branch, string? Tag, string? Commit, string? Message, string? By, IReadOnlyList<string>? Paths);

/// <summary>Source-generated JSON of payloads, in the providers' own spelling.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GitHubPush))]
[JsonSerializable(typeof(PushedCommits))]
[JsonSerializable(typeof(GitLabPush))]
[JsonSerializable(typeof(BitbucketPush))]
[JsonSerializable(typeof(GenericPush))]
internal sealed partial class PayloadJson : JsonSerializerContext;
