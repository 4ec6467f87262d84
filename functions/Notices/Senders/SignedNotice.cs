using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VpsPilot.Functions.Notices.Senders;

/// <summary>
/// A notice as JSON, signed like the generic webhook that this control plane takes: <c>X-VpsPilot-Signature</c> is <c>sha256=</c> and the
/// HMAC-SHA256 of <c>timestamp.body</c>; <c>X-VpsPilot-Delivery</c> is the same when it is sent again.
/// </summary>
internal static class SignedNotice
{
    public static HttpRequestMessage Request(Uri url, Notice notice, string secret, DateTimeOffset now)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(notice, NoticesJson.Default.Notice);
        var stamp = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(stamp + "."), .. body]);
        return new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers =
            {
                { "X-VpsPilot-Timestamp", stamp },
                { "X-VpsPilot-Signature", "sha256=" + Convert.ToHexStringLower(signature) },
                { "X-VpsPilot-Delivery", notice.Id },
            },
        };
    }
}
