using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Webhooks.Providers;

/// <summary>Gitea and Forgejo, whose headers differ by the product's name. Forgejo also sends Gitea's.</summary>
/// <remarks>Sources: Gitea documentation, "Webhooks"; Forgejo documentation, "Webhooks".</remarks>
internal sealed class GiteaWebhook(string name, string header) : IWebhookProvider
{
    private const string Zeros = "0000000000000000000000000000000000000000";

    public string Name => name;

    /// <summary>Its "test delivery" and "replay" make new ids.</summary>
    public bool KeepsDeliveryIds => false;

    public bool IsExplicit => false;

    public string SignatureRule => $"X-{header}-Signature must be the HMAC-SHA256 of the body under the project's webhook secret, in hex.";

    public bool IsGenuine(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret) => HmacSignature.IsValid(headers[$"X-{header}-Signature"], "", body, secret);

    public Delivery Read(IHeaderDictionary headers, byte[] body) => headers[$"X-{header}-Event"].ToString() switch
    {
        "push" => headers.One($"X-{header}-Delivery") is { } id ? Push(id, body) : Delivery.Malform($"The header X-{header}-Delivery is missing."),
        "delete" => Delivery.Ignore("a branch or tag was deleted"),
        "" => Delivery.Malform($"The header X-{header}-Event is missing."),
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
            Commit = reference.StartsWith(Webhooks.Push.Tags, StringComparison.Ordinal) ? push.HeadCommit?.Id ?? push.After : push.After,
            IsDeleted = push.After == Zeros,
            Message = push.HeadCommit?.Message,
            By = push.Pusher?.Login ?? push.Pusher?.Username ?? push.Pusher?.Name,
            ReadPaths = push.Before is null or Zeros ? null : () => Paths(body),
        });
    }

    /// <summary>Gitea sends the first few commits and says how many there are.</summary>
    private static IReadOnlyList<string>? Paths(byte[] body)
    {
        var pushed = JsonSerializer.Deserialize(body, PayloadJson.Default.PushedCommits)!;
        return pushed.Commits.Count == 0 || pushed.TotalCommits > pushed.Commits.Count ? null : [.. pushed.Commits.SelectMany(c => c.Paths).Distinct(StringComparer.Ordinal)];
    }
}
