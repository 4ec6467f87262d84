using System.Net;
using System.Net.Http.Json;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Migration;

/// <summary>Exports and imports over the API.</summary>
internal static class Archives
{
    public const string Passphrase = "correct horse battery staple";

    public static async Task<byte[]> ExportAsync(this ApiServer server)
    {
        using var response = await server.Admin.PostAsync("api/export", JsonContent.Create(new { passphrase = Passphrase }));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsByteArrayAsync();
    }

    public static async Task<HttpResponseMessage> ImportAsync(this ApiServer server, byte[] archive, string? passphrase = Passphrase, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/import" + query) { Content = new ByteArrayContent(archive) };
        if (passphrase is not null)
        {
            request.Headers.Add("X-Archive-Passphrase", passphrase);
        }

        return await server.Admin.SendAsync(request);
    }
}
