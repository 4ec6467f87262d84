using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Webhooks.Providers;

/// <summary>GitHub, on github.com and GitHub Enterprise.</summary>
/// <remarks>Source: GitHub documentation, "Webhook events and payloads" and "Validating webhook deliveries".</remarks>
internal sealed class GitHubWebhook : IWebhookProvider
{
    /// <summary>What GitHub lists at most; with that many there may be more.</summary>
    private const int MaxCommits = 2048;
    private const int MaxPathsOfCommit = 3000;

    public string Name => "github";

    public bool KeepsDeliveryIds => true;

    public bool IsExplicit => false;

    public string SignatureRule => "X-Hub-Signature-256 must be the HMAC-SHA256 of the body under the project's webhook secret.";

    public bool IsGenuine(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret) => HmacSignature.IsValid(headers["X-Hub-Signature-256"], "sha256=", body, secret);

    public Delivery Read(IHeaderDictionary headers, byte[] body) => headers["X-GitHub-Event"].ToString() switch
    {
        "push" => headers.One("X-GitHub-Delivery") is { } id ? Push(id, body) : Delivery.Malform("The header X-GitHub-Delivery is missing."),
        "ping" => Delivery.Ignore("ping"),
        "delete" => Delivery.Ignore("a branch or tag was deleted"),
        "" => Delivery.Malform("The header X-GitHub-Event is missing."),
        var other => Delivery.IgnoreEvent(other),
    };

    private static Delivery Push(string id, byte[] body)
    {
        var push = JsonSerializer.Deserialize(body, PayloadJson.Default.GitHubPush);
        if (push is not { Ref: { Length: > 0 } reference })
        {
            return Delivery.Malform("The push has no 'ref'.");
        }

        return Delivery.Of(id, new Push
        {
            Reference = reference,
            Before = push.Before,
            // Of an annotated tag, "after" is the tag object; the head commit is what it points to.
            Commit = reference.StartsWith(Webhooks.Push.Tags, StringComparison.Ordinal) ? push.HeadCommit?.Id ?? push.After : push.After,
            IsDeleted = push.Deleted,
            Message = push.HeadCommit?.Message,
            By = push.Pusher?.Name ?? push.Pusher?.Login,
            ReadPaths = push.Forced || push.Created ? null : () => Paths(body),
        });
    }

    /// <summary>A new ref and a forced one have changes that their commits do not tell.</summary>
    private static IReadOnlyList<string>? Paths(byte[] body)
    {
        var commits = JsonSerializer.Deserialize(body, PayloadJson.Default.PushedCommits)!.Commits;
        return commits.Count is 0 or >= MaxCommits || commits.Any(c => c.Paths.Count() >= MaxPathsOfCommit) ? null : [.. commits.SelectMany(c => c.Paths).Distinct(StringComparer.Ordinal)];
    }
}
