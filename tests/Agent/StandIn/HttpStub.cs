using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VpsPilot.Agent.Tests;

/// <summary>A real HTTP server that answers as it is told.</summary>
internal sealed class HttpStub : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Func<HttpListenerRequest, byte[], (int Status, byte[] Body)> answer;

    /// <summary>Requests and answers are texts.</summary>
    public HttpStub(Func<HttpListenerRequest, string, (int Status, string Body)> answer, bool isOnAllAddresses = false)
        : this(isOnAllAddresses, (request, body) => InBytes(answer(request, Encoding.UTF8.GetString(body))))
    {
    }

    /// <summary>Requests and answers are bytes.</summary>
    public HttpStub(bool isOnAllAddresses, Func<HttpListenerRequest, byte[], (int Status, byte[] Body)> answer)
    {
        this.answer = answer;
        Port = FreePort();
        listener.Prefixes.Add($"http://{(isOnAllAddresses ? "+" : "127.0.0.1")}:{Port}/");
        listener.Start();
        _ = ServeAsync();
    }

    public int Port { get; }

    /// <summary>Files to answer with, by path.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    public Uri Url => new($"http://127.0.0.1:{Port}/");

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public void Dispose() => listener.Close();

    private static (int Status, byte[] Body) InBytes((int Status, string Body) answer) => (answer.Status, Encoding.UTF8.GetBytes(answer.Body));

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                if (Files.TryGetValue(context.Request.Url!.AbsolutePath, out var file))
                {
                    context.Response.Close(await File.ReadAllBytesAsync(file), willBlock: false);
                    continue;
                }

                using var content = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(content);
                var (status, body) = answer(context.Request, content.ToArray());
                context.Response.StatusCode = status;
                context.Response.Close(body, willBlock: false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
