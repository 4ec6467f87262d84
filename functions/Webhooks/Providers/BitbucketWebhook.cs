using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Webhooks.Providers;

/// <summary>Bitbucket Cloud. It does not tell which paths changed, so path filters let its pushes through.</summary>
/// <remarks>Source: Bitbucket documentation, "Event payloads" (push) and "Manage webhooks".</remarks>
internal sealed class BitbucketWebhook : IWebhookProvider
{
    public string Name => "bitbucket";

    /// <summary>An automatic retry keeps the id; a resend from the page of the webhook need not.</summary>
    public bool KeepsDeliveryIds => false;

    public bool IsExplicit => false;

    public string SignatureRule => "X-Hub-Signature must be the HMAC-SHA256 of the body under the project's webhook secret.";

    public bool IsGenuine(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret) => HmacSignature.IsValid(headers["X-Hub-Signature"], "sha256=", body, secret);

    public Delivery Read(IHeaderDictionary headers, byte[] body) => headers["X-Event-Key"].ToString() switch
    {
        "repo:push" => headers.One("X-Request-UUID") is { } id ? Push(id, body) : Delivery.Malform("The header X-Request-UUID is missing."),
        "" => Delivery.Malform("The header X-Event-Key is missing."),
        var other => Delivery.IgnoreEvent(other),
    };

    private static Delivery Push(string id, byte[] body)
    {
        if (JsonSerializer.Deserialize(body, PayloadJson.Default.BitbucketPush) is not { Push.Changes: { } changes } payload)
        {
            return Delivery.Malform("The push has no 'push.changes'.");
        }

        return Delivery.Of(id, [.. changes.Where(c => (c.New ?? c.Old)?.Name is not null).Select(c => new Push
        {
            Reference = ((c.New ?? c.Old)!.Type == "tag" ? Webhooks.Push.Tags : Webhooks.Push.Branches) + (c.New ?? c.Old)!.Name,
            Before = c.Old?.Target?.Hash,
            Commit = c.New?.Target?.Hash,
            IsDeleted = c.New is null,
            Message = c.New?.Target?.Message,
            By = payload.Actor?.Nickname ?? payload.Actor?.DisplayName,
        })]);
    }
}
