using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Webhooks.Providers;

/// <summary>How one provider signs and words its deliveries.</summary>
internal interface IWebhookProvider
{
    /// <summary>The name in the webhook's address.</summary>
    string Name { get; }

    /// <summary>A redelivery has the id of the first delivery.</summary>
    bool KeepsDeliveryIds { get; }

    /// <summary>Each delivery is a wish to deploy, so it counts also where a project does not deploy on a push.</summary>
    bool IsExplicit { get; }

    /// <summary>How a delivery must be signed, in one line for a person.</summary>
    string SignatureRule { get; }

    /// <summary>True when whoever sent this knows the secret. Compares in constant time.</summary>
    bool IsGenuine(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret);

    /// <summary>Reads a delivery that is genuine.</summary>
    /// <exception cref="JsonException">The body is not what this provider sends.</exception>
    Delivery Read(IHeaderDictionary headers, byte[] body);
}

internal static class WebhookHeaders
{
    /// <summary>The one value of a header, of at most 100 characters; null when there is none.</summary>
    public static string? One(this IHeaderDictionary headers, string name) => headers[name] is [{ Length: > 0 and <= 100 } value] ? value : null;
}
