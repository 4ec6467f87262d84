using System.Net;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Dashboard.Tests.Stack;

/// <summary>A page on another port of the same host.</summary>
internal sealed class AnotherSite : IDisposable
{
    private readonly HttpListener listener = new();

    public AnotherSite()
    {
        Url = $"http://127.0.0.1:{ControlPlaneOptions.FreePort()}/";
        listener.Prefixes.Add(Url);
        listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var answer = (await listener.GetContextAsync()).Response;
                answer.ContentType = "text/html";
                answer.Close("<!doctype html><title>Another site</title>"u8.ToArray(), willBlock: false);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
