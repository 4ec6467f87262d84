using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace VpsPilot.Messaging.Administration;

/// <summary>
/// Creates and deletes queues through the HTTP management API of Service Bus (Atom, version 2021-05), which the embedded
/// broker serves as well. Needs a rule with the Manage right. Thread-safe.
/// </summary>
public sealed class QueueAdministration(QueueConnectionOptions options, HttpClient http, TimeProvider? timeProvider = null)
{
    private const string ApiVersion = "api-version=2021-05";
    private const int PageSize = 100;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);
    private readonly TimeProvider time = timeProvider ?? TimeProvider.System;

    /// <summary>Creates the queue, or gives an existing one these settings and rules. Returns whether it was new. May be repeated.</summary>
    /// <exception cref="QueueException">The broker refused or could not be reached.</exception>
    public async Task<bool> CreateOrUpdateAsync(QueueDescription queue, CancellationToken cancellationToken = default)
    {
        var body = QueueDescriptionXml.Write(queue);
        using (var created = await SendAsync(HttpMethod.Put, queue.Name, "", body, replace: false, cancellationToken))
        {
            if (created.StatusCode != HttpStatusCode.Conflict)
            {
                await CheckAsync(created, $"Creating the queue '{queue.Name}'", cancellationToken);
                return true;
            }
        }
        using var updated = await SendAsync(HttpMethod.Put, queue.Name, "", body, replace: true, cancellationToken);
        await CheckAsync(updated, $"Changing the queue '{queue.Name}'", cancellationToken);
        return false;
    }

    /// <summary>The queue, or null when there is none of that name.</summary>
    /// <exception cref="QueueException">The broker refused or could not be reached.</exception>
    public async Task<QueueDescription?> FindAsync(string queue, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(HttpMethod.Get, queue, "", null, replace: false, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        // Azure answers with an empty feed where there is no such entity.
        var document = await CheckAsync(response, $"Reading the queue '{queue}'", cancellationToken);
        return document is null ? null : QueueDescriptionXml.Read(document).FirstOrDefault();
    }

    /// <summary>Whether the queue exists.</summary>
    /// <exception cref="QueueException">The broker refused or could not be reached.</exception>
    public async Task<bool> ExistsAsync(string queue, CancellationToken cancellationToken = default) =>
        await FindAsync(queue, cancellationToken) is not null;

    /// <summary>All queues, page by page.</summary>
    /// <exception cref="QueueException">The broker refused or could not be reached.</exception>
    public async IAsyncEnumerable<QueueDescription> ListAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var skip = 0; ; skip += PageSize)
        {
            var page = string.Create(CultureInfo.InvariantCulture, $"$skip={skip}&$top={PageSize}&");
            using var response = await SendAsync(HttpMethod.Get, "$Resources/queues", page, null, replace: false, cancellationToken);
            var document = await CheckAsync(response, "Listing the queues", cancellationToken);
            var queues = document is null ? [] : QueueDescriptionXml.Read(document);
            foreach (var queue in queues)
                yield return queue;
            if (queues.Count < PageSize)
                yield break;
        }
    }

    /// <summary>Deletes the queue with its messages. Returns whether it was there.</summary>
    /// <exception cref="QueueException">The broker refused or could not be reached.</exception>
    public async Task<bool> DeleteAsync(string queue, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(HttpMethod.Delete, queue, "", null, replace: false, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return false;
        await CheckAsync(response, $"Deleting the queue '{queue}'", cancellationToken);
        return true;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string query, string? body, bool replace, CancellationToken cancellationToken)
    {
        var root = (options.ManagementEndpoint ?? new Uri($"https://{options.Endpoint.Host}/")).AbsoluteUri.TrimEnd('/');
        using var request = new HttpRequestMessage(method, new Uri($"{root}/{path}?{query}{ApiVersion}"));
        var token = SharedAccessToken.Create($"sb://{options.Endpoint.Host}/", options.KeyName, options.Key, time.GetUtcNow() + TokenLifetime);
        request.Headers.TryAddWithoutValidation("Authorization", token);
        if (replace)
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/atom+xml;type=entry;charset=utf-8");
        }
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new QueueException(QueueError.Unreachable, $"The management API at {root} could not be reached: {e.Message}", e);
        }
    }

    private static async Task<XElement?> CheckAsync(HttpResponseMessage response, string what, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        XElement? document = null;
        try
        {
            document = text.Length == 0 ? null : XElement.Parse(text);
        }
        catch (XmlException) when (!response.IsSuccessStatusCode)
        {
            // A proxy's page; the status says enough.
        }
        if (response.IsSuccessStatusCode)
            return document;
        var detail = document?.Descendants().FirstOrDefault(element => element.Name.LocalName == "Detail")?.Value ?? response.ReasonPhrase;
        throw new QueueException(
            response.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => QueueError.Unauthorized,
                HttpStatusCode.NotFound => QueueError.NotFound,
                >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => QueueError.Unreachable,
                _ => QueueError.Refused,
            },
            $"{what} failed with status {(int)response.StatusCode}: {detail}");
    }
}
