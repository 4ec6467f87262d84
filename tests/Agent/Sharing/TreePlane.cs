using System.Net;
using System.Security.Cryptography;
using System.Text;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Tests.Enrollment;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Agent.Tests.Sharing;

/// <summary>A control plane that has one tree.</summary>
internal sealed class TreePlane : IDisposable
{
    private readonly HttpStub http;

    public TreePlane() => http = new HttpStub(isOnAllAddresses: false, Answer);

    public TreeShelf Shelf { get; } = new();

    public Identity Identity => TestIdentity.For(http.Url);

    /// <summary>What was asked, in order.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>An answer in place of the usual one; null for the usual one.</summary>
    public Func<(int Status, string Body)?> Instead { get; set; } = () => null;

    public static SharedTree TreeOf(byte[] archive) => new("builder", Convert.ToHexStringLower(SHA256.HashData(archive)), archive.Length, 1_000_000);

    public void Dispose() => http.Dispose();

    private (int Status, byte[] Body) Answer(HttpListenerRequest request, byte[] body)
    {
        Requests.Add($"{request.HttpMethod} {request.Url!.PathAndQuery}");
        return request.Headers["Authorization"] != "Bearer agent-token-1" ? (401, [])
            : Instead() is { } instead ? (instead.Status, Encoding.UTF8.GetBytes(instead.Body))
            : Shelf.Answer(request, body);
    }
}
