using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Webhooks.Providers;

/// <summary>GitLab, which sends the secret itself.</summary>
/// <remarks>Source: GitLab documentation, "Webhooks" and "Webhook events" (push events, tag events).</remarks>
internal sealed class GitLabWebhook : IWebhookProvider
{
    private const string Zeros = "0000000000000000000000000000000000000000";

    public string Name => "gitlab";

    /// <summary>Only its newer versions send an id that a retry keeps.</summary>
    public bool KeepsDeliveryIds => false;

    public bool IsExplicit => false;

    public string SignatureRule => "X-Gitlab-Token must be the project's webhook secret.";

    public bool IsGenuine(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret) => HmacSignature.IsSame(headers["X-Gitlab-Token"], secret);

    public Delivery Read(IHeaderDictionary headers, byte[] body) => headers["X-Gitlab-Event"].ToString() switch
    {
        "Push Hook" or "Tag Push Hook" => Push(headers.One("Idempotency-Key") ?? headers.One("X-Gitlab-Event-UUID") ?? Convert.ToHexStringLower(SHA256.HashData(body)), body),
        "" => Delivery.Malform("The header X-Gitlab-Event is missing."),
        var other => Delivery.IgnoreEvent(other),
    };

    private static Delivery Push(string id, byte[] body)
    {
        var push = JsonSerializer.Deserialize(body, PayloadJson.Default.GitLabPush);
        if (push is not { Ref: { Length: > 0 } reference })
        {
            return Delivery.Malform("The push has no 'ref'.");
        }

        var commit = push.CheckoutSha ?? push.After;
        return Delivery.Of(id, new Push
        {
            Reference = reference,
            Before = push.Before,
            Commit = commit,
            IsDeleted = push.After == Zeros,
            Message = push.Commits.FirstOrDefault(c => c.Id == commit)?.Message,
            By = push.UserUsername ?? push.UserName,
            // A new branch has changes that its commits do not tell, and of many commits only the last twenty are listed.
            ReadPaths = push.Before is null or Zeros || push.Commits.Count == 0 || push.TotalCommitsCount > push.Commits.Count
                ? null
                : () => [.. push.Commits.SelectMany(c => c.Paths).Distinct(StringComparer.Ordinal)],
        });
    }
}
