using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Storage;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>The whole control plane on the embedded host, in this process, on real ports.</summary>
public sealed class ApiServer : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private string[] arguments = [];
    private IHost? host;

    /// <summary>Settings beyond the usual ones.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public HttpClient Anonymous { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public string DataDirectory => Path.Combine(folder.Path, "data");

    public string PackagesDirectory => Path.Combine(folder.Path, "packages");

    /// <summary>The control plane's own way to the queues.</summary>
    internal QueueConnectionOptions RootConnection => host!.Services.GetRequiredService<QueueConnectionOptions>();

    internal IStateStore Store => host!.Services.GetRequiredService<IStateStore>();

    internal T Get<T>()
        where T : notnull => host!.Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(PackagesDirectory, "linux-x64"));
        await File.WriteAllTextAsync(Path.Combine(PackagesDirectory, "linux-x64", "vpspilot-agent"), "the agent");
        await File.WriteAllTextAsync(Path.Combine(PackagesDirectory, "install.sh"), "#!/bin/sh\n");
        var url = $"http://127.0.0.1:{FreePort()}";
        arguments =
        [
            "--Embedded:FunctionsAssembly=VpsPilot.Functions",
            $"--Embedded:Urls={url}",
            $"--Embedded:DataDirectory={DataDirectory}",
            $"--Embedded:Broker:Endpoint=amqp://127.0.0.1:{FreePort()}",
            $"--AgentPackages:Directory={PackagesDirectory}",
            .. Settings,
        ];
        await StartAsync();
        Anonymous = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };
        Admin = WithToken((await File.ReadAllTextAsync(Path.Combine(DataDirectory, "admin-token"))).Trim());
    }

    /// <summary>Stops the control plane and starts it again on the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public HttpClient WithToken(string token) => new()
    {
        BaseAddress = Anonymous.BaseAddress,
        Timeout = Anonymous.Timeout,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>A node with a simulated agent that is online.</summary>
    public async Task<SimulatedAgent> AgentAsync(string name)
    {
        var node = await Admin.PostAsync("api/nodes", JsonContent.Create(new { name })).JsonAsync(HttpStatusCode.Created);
        var agent = await SimulatedAgent.EnrollAsync(Anonymous, (string)node["enrollmentToken"]!);
        await UntilAsync(async () => (string?)(await Admin.GetAsync($"api/nodes/{name}").JsonAsync())["state"] == "online");
        return agent;
    }

    public Task<JsonNode> ProjectAsync(string id, params string[] nodes) =>
        Admin.PostAsync("api/projects", JsonContent.Create(new { id, repository = "/srv/git/app.git", nodes })).JsonAsync(HttpStatusCode.Created);

    /// <summary>A signed push of GitHub's, in a trace.</summary>
    public async Task<HttpResponseMessage> PushAsync(JsonNode project, string delivery, string? trace = null)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"ref":"refs/heads/main","after":"{{{TestData.Commit}}}","head_commit":{"message":"A subject"},"pusher":{"name":"ann"}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri((string)project["webhookUrl"]!)) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-GitHub-Delivery", delivery);
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes((string)project["webhookSecret"]!), body)));
        if (trace is not null)
        {
            request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        }

        return await Anonymous.SendAsync(request);
    }

    /// <summary>The deployment when it has ended.</summary>
    public async Task<JsonNode> EndAsync(string id)
    {
        JsonNode deployment = null!;
        await UntilAsync(async () => (deployment = await Admin.GetAsync($"api/deployments/{id}").JsonAsync())["finishedAt"] is not null);
        return deployment;
    }

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Admin.Dispose();
        Anonymous.Dispose();
    }

    public void Dispose() => folder.Dispose();

    internal async Task StartAsync()
    {
        host = ControlPlaneApp.Build(arguments);
        await ControlPlaneApp.PrepareAsync(host, default);
        await host.StartAsync();
    }

    internal async Task StopAsync()
    {
        await host!.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    /// <summary>Below the range of outgoing connections, so that none of those takes it first.</summary>
    internal static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(22_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another then.
            }
        }
    }
}

internal static class ApiResponses
{
    /// <summary>The JSON of a response with the status that is expected.</summary>
    public static async Task<JsonNode> JsonAsync(this Task<HttpResponseMessage> request, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe((int)status < 400 ? "application/json" : "application/problem+json");
        return JsonNode.Parse(text)!;
    }

    public static async Task ShouldBeAsync(this Task<HttpResponseMessage> request, HttpStatusCode status)
    {
        using var response = await request;
        response.StatusCode.ShouldBe(status);
    }

    public static async Task ShouldBeProblemAsync(this Task<HttpResponseMessage> request, HttpStatusCode status, string code)
    {
        var problem = await request.JsonAsync(status);
        ((string)problem["code"]!).ShouldBe(code);
        ((int)problem["status"]!).ShouldBe((int)status);
        ((string?)problem["title"]).ShouldNotBeNullOrEmpty();
    }
}
