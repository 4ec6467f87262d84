using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace VpsPilot.Functions.Webhooks.Providers;

/// <summary>
/// For CI and for hosts without a webhook of their own: <c>X-VpsPilot-Timestamp</c> (Unix seconds) and <c>X-VpsPilot-Signature</c>,
/// <c>sha256=</c> and the HMAC-SHA256 of <c>timestamp.body</c>. The same request again, signature and all, is the same delivery.
/// </summary>
internal sealed class GenericWebhook(TimeProvider time) : IWebhookProvider
{
    private const string Signature = "X-VpsPilot-Signature";
    private const string Timestamp = "X-VpsPilot-Timestamp";

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public string Name => "generic";

    public bool KeepsDeliveryIds => true;

    public bool IsExplicit => true;

    public string SignatureRule => $"{Signature} must be sha256= and the HMAC-SHA256 of '<{Timestamp}>.<body>' under the project's webhook secret, and the timestamp at most five minutes off.";

    public bool IsGenuine(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret)
    {
        var stamp = headers.One(Timestamp);
        if (!long.TryParse(stamp, out var seconds) || Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }

        return HmacSignature.IsValid(headers[Signature], "sha256=", [.. Encoding.UTF8.GetBytes(stamp + "."), .. body], secret);
    }

    public Delivery Read(IHeaderDictionary headers, byte[] body)
    {
        var wish = JsonSerializer.Deserialize(body, PayloadJson.Default.GenericPush);
        if (wish is null || (wish.Branch is null) == (wish.Tag is null))
        {
            return Delivery.Malform("The body must be an object with either 'branch' or 'tag', and 'commit'.");
        }

        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(headers[Signature].ToString().ToLowerInvariant())));
        return Delivery.Of(id, new Push
        {
            Reference = wish.Branch is { } branch ? Push.Branches + branch : Push.Tags + wish.Tag,
            Commit = wish.Commit,
            Message = wish.Message,
            By = wish.By,
            ReadPaths = wish.Paths is { } paths ? () => paths : null,
        });
    }
}
