using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Enrollment;

namespace VpsPilot.Agent.Enrollment;

/// <summary>Trades a one-time token for an identity. With the token it already used, it does nothing.</summary>
internal sealed class Enroller(AgentPaths paths, FactsReader facts, HttpClient http)
{
    /// <summary>Plain HTTP and AMQP are taken outside loopback too. What the node is enrolled with, it may go on with.</summary>
    public bool AllowsPlainText { get; init; }

    /// <returns>The identity, or why there is none, in one line with a remedy.</returns>
    public async Task<(Identity? Identity, bool IsNew, string? Error)> EnrollAsync(Uri url, string token, string? authority, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (Identity.Load(paths) is { } known && known.TokenHash == hash && known.ControlPlane == url)
            return (known, false, null);
        if (!AllowsPlainText && PlainText.IsOpen(url))
            return (null, false, $"{url} is not encrypted: token, credentials and logs could be read on the way. Use its https address, or {PlainText.Flag} where the network is your own.");

        using var keys = AgentKeys.LoadOrCreate(paths);
        var body = new EnrollRequest
        {
            Token = token,
            SigningKey = keys.SigningKey,
            SealingKey = keys.SealingKey,
            AgentVersion = AgentVersion.Current,
            Facts = await facts.ReadAsync(cancellationToken),
        };
        try
        {
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, ContractsJson.Default.EnrollRequest));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync(new Uri(url, "api/agent/enroll"), content, cancellationToken);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                return (null, false, Refusal(response.StatusCode, answer));
            var enrolled = JsonSerializer.Deserialize(answer, ContractsJson.Default.EnrollResponse);
            if (!AllowsPlainText && PlainText.IsOpen(enrolled!.QueueEndpoint))
                return (null, false, $"The control plane's queues, {enrolled.QueueEndpoint}, are not encrypted. Let it name an amqps address, or use {PlainText.Flag} where the network is your own; then enrol with a new token.");
            var identity = new Identity(url, enrolled!, hash) { PinnedAuthority = authority };
            identity.Save(paths);
            return (identity, true, null);
        }
        catch (JsonException)
        {
            return (null, false, $"{url} does not answer as a VPS Pilot control plane; check --url.");
        }
        catch (HttpRequestException e)
        {
            return (null, false, $"{url} cannot be reached: {e.Message}. Check --url, name resolution and firewall.");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, false, $"{url} did not answer in time. Check --url and firewall.");
        }
    }

    private static string Refusal(HttpStatusCode status, byte[] answer)
    {
        var (title, detail) = (null as string, null as string);
        try
        {
            using var problem = JsonDocument.Parse(answer);
            title = problem.RootElement.TryGetProperty("title", out var t) ? t.GetString() : null;
            detail = problem.RootElement.TryGetProperty("detail", out var d) ? d.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not problem details: the status says enough.
        }

        return $"The control plane refused with {(int)status}: {title ?? status.ToString()} {detail}".TrimEnd();
    }
}
