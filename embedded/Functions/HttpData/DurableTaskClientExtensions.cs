using System.Net;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.Functions.Hosting.Durable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Answers that tell a caller where to watch an orchestration.</summary>
public static class DurableTaskClientExtensions
{
    /// <summary>202 with the management addresses, <c>Location</c> and <c>Retry-After</c>.</summary>
    public static HttpResponseData CreateCheckStatusResponse(this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default) =>
        client.CreateCheckStatusResponse(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <summary>The same with another status.</summary>
    public static HttpResponseData CreateCheckStatusResponse(this DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var payload = client.CreateHttpManagementPayload(instanceId, request);
        var response = request.CreateResponse();
        response.StatusCode = statusCode;
        response.Headers.TryAddWithoutValidation("Location", payload.StatusQueryGetUri);
        response.Headers.TryAddWithoutValidation("Retry-After", "10");
        response.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        response.Body.Write(JsonSerializer.SerializeToUtf8Bytes(payload, JsonSerializerOptions.Web));
        return response;
    }

    /// <summary>202 with the management addresses, <c>Location</c> and <c>Retry-After</c>.</summary>
    public static Task<HttpResponseData> CreateCheckStatusResponseAsync(this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default) =>
        client.CreateCheckStatusResponseAsync(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <summary>The same with another status.</summary>
    public static Task<HttpResponseData> CreateCheckStatusResponseAsync(this DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode, CancellationToken cancellation = default) =>
        Task.FromResult(client.CreateCheckStatusResponse(request, instanceId, statusCode, cancellation));

    /// <summary>The management addresses of an instance.</summary>
    /// <param name="client">The client.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="request">The request whose host the addresses get; null means the address the host listens on.</param>
    public static HttpManagementPayload CreateHttpManagementPayload(this DurableTaskClient client, string instanceId, HttpRequestData? request = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return ManagementAddresses.Of(client, instanceId, request?.Url);
    }
}
