using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VpsPilot.Functions.Tests.Secrets.Vault;

/// <summary>
/// A local HTTPS server that speaks the secrets part of the Key Vault REST protocol as its reference documents it: bearer challenge, set, get,
/// list, versions, update, soft delete, recover, purge, paging. A deletion and a recovery take one more poll each, as in Azure.
/// </summary>
internal sealed class KeyVaultServer : IAsyncDisposable
{
    private const string Token = "token-for-tests";
    private const int PageSize = 7;

    private readonly VaultContent content = new();
    private readonly List<IDisposable> clients = [];
    private readonly WebApplication app;

    private KeyVaultServer(WebApplication app, X509Certificate2 certificate) => (this.app, Certificate) = (app, certificate);

    public X509Certificate2 Certificate { get; }

    public Uri Url => new(app.Urls.Single());

    /// <summary>Calls that came without a token and were challenged.</summary>
    public int Challenges { get; private set; }

    /// <summary>Names as the vault has them.</summary>
    public IReadOnlyList<string> Names => content.Names;

    /// <summary>A vault with purge protection refuses every purge.</summary>
    public bool HasPurgeProtection { get; set; }

    public static async Task<KeyVaultServer> StartAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=vault", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        var server = new KeyVaultServer(builder.Build(), certificate);
        server.app.Run(server.ServeAsync);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>The real client of this vault, with a bearer token.</summary>
    public SecretClient Client(string token = Token)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(Certificate);
        var transport = new HttpClientTransport(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } });
        clients.Add(transport);
        return new SecretClient(Url, new FixedCredential(token), new SecretClientOptions
        {
            Transport = transport,
            DisableChallengeResourceVerification = true, // The vault is on 127.0.0.1, not under vault.azure.net.
            Retry = { MaxRetries = 0 },
        });
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(c => c.Dispose());
        await app.DisposeAsync();
        Certificate.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.Headers.Authorization != $"Bearer {Token}")
        {
            Challenges++;
            http.Response.Headers.WWWAuthenticate = $"Bearer authorization=\"{Url}tenant\", resource=\"https://vault.azure.net\"";
            await AnswerAsync(http, 401, Error("Unauthorized", "AKV10000: Request is missing a Bearer or PoP token."));
            return;
        }

        if (request.Query["api-version"].Count != 1)
        {
            await AnswerAsync(http, 400, Error("BadParameter", "api-version must be specified."));
            return;
        }

        var body = request.ContentLength > 0 ? await JsonNode.ParseAsync(request.Body) : null;
        var (status, answer) = Route(request, request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries), body);
        await AnswerAsync(http, status, answer);
    }

    private (int Status, JsonNode? Answer) Route(HttpRequest request, string[] path, JsonNode? body) => (request.Method, path) switch
    {
        ("GET", ["secrets"]) => Page(content.Newest().Select(v => v.ToItem(Url, withVersion: false)), request),
        ("GET", ["secrets", var name, "versions"]) => Page(content.Versions(name).Select(v => v.ToItem(Url, withVersion: true)), request),
        ("PUT", ["secrets", var name]) => content.Set(name, body!) is { } set ? (200, set.ToBundle(Url))
            : (409, Error("Conflict", $"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused.", "ObjectIsDeletedButRecoverable")),
        ("PATCH", ["secrets", var name, var version]) => content.Find(name, version) is { } found ? (200, content.Change(found, body!).ToBundle(Url)) : NotFound(name),
        ("GET", ["secrets", var name]) => content.Find(name, null) is { } found ? Readable(found) : NotFound(name),
        ("GET", ["secrets", var name, var version]) => content.Find(name, version) is { } found ? Readable(found) : NotFound(name),
        ("DELETE", ["secrets", var name]) => content.Delete(name) is { } deleted ? (200, deleted.ToDeleted(Url)) : NotFound(name),
        ("GET", ["deletedsecrets", var name]) => content.FindDeleted(name) is { } deleted ? (200, deleted.ToDeleted(Url)) : NotFound(name),
        ("POST", ["deletedsecrets", var name, "recover"]) => content.Recover(name) is { } recovered ? (200, recovered.ToItem(Url, withVersion: true)) : NotFound(name),
        ("DELETE", ["deletedsecrets", _]) when HasPurgeProtection => (403, Error("Forbidden", "Operation \"purge\" is not allowed because purge protection is enabled for this vault.")),
        ("DELETE", ["deletedsecrets", var name]) => content.Purge(name) ? (204, null) : NotFound(name),
        _ => (400, Error("BadParameter", $"{request.Method} {request.Path}")),
    };

    private (int Status, JsonNode Answer) Readable(VaultSecret secret) =>
        secret.IsEnabled ? (200, secret.ToBundle(Url)) : (403, Error("Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled"));

    private static (int Status, JsonNode Answer) NotFound(string name) => (404, Error("SecretNotFound", $"A secret with (name/id) {name} was not found in this key vault."));

    private (int Status, JsonNode Answer) Page(IEnumerable<JsonObject> items, HttpRequest request)
    {
        var skip = int.TryParse(request.Query["$skiptoken"], out var at) ? at : 0;
        JsonObject[] page = [.. items.Skip(skip).Take(PageSize)];
        var next = page.Length < PageSize ? null : $"{Url.ToString().TrimEnd('/')}{request.Path}?api-version={request.Query["api-version"]}&$skiptoken={skip + PageSize}";
        return (200, new JsonObject { ["value"] = new JsonArray([.. page]), ["nextLink"] = next });
    }

    private static JsonObject Error(string code, string message, string? inner = null) => new()
    {
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["innererror"] = inner is null ? null : new JsonObject { ["code"] = inner } },
    };

    private static async Task AnswerAsync(HttpContext http, int status, JsonNode? answer)
    {
        http.Response.StatusCode = status;
        if (answer is not null)
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.WriteAsync(answer.ToJsonString());
        }
    }

    private sealed class FixedCredential(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(token, DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
