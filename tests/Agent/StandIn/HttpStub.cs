using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VpsPilot.Agent.Tests;

/// <summary>A real HTTP server that answers as it is told.</summary>
internal sealed class HttpStub : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Func<HttpListenerRequest, string, (int Status, string Body)> answer;

    public HttpStub(Func<HttpListenerRequest, string, (int Status, string Body)> answer, bool isOnAllAddresses = false)
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

                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                var (status, body) = answer(context.Request, await reader.ReadToEndAsync());
                context.Response.StatusCode = status;
                context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
