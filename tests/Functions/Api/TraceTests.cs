using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace VpsPilot.Functions.Tests.Api;

public sealed class TraceTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task A_trace_runs_from_the_request_to_the_agents_command_and_is_exported_where_asked()
    {
        await using var collector = await Collector.StartAsync();
        using var server = new ApiServer { Settings = [$"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"] };
        await server.InitializeAsync();
        var seen = new ConcurrentQueue<string?>();
        await using (var agent = await server.AgentAsync("traced"))
        {
            agent.Answer = c =>
            {
                seen.Enqueue(c.TraceParent);
                return SimulatedAgent.Succeed(c);
            };
            await server.ProjectAsync("traced-app", "traced");
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/projects/traced-app/deployments") { Content = JsonContent.Create(new { }) };
            request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
            var started = await server.Admin.SendAsync(request).JsonAsync(System.Net.HttpStatusCode.Accepted);
            await server.EndAsync((string)started["id"]!);
        }

        await server.DisposeAsync(); // Flushes.

        seen.ShouldNotBeEmpty();
        seen.ShouldAllBe(t => t != null && t.Contains(Trace));
        collector.Paths.ShouldContain("/v1/traces");
        collector.Paths.ShouldContain("/v1/metrics");
        collector.Holds("activity:SendBuildActivity").ShouldBeTrue();
        collector.Holds("durabletask.activities").ShouldBeTrue();
    }

    /// <summary>Takes OTLP over HTTP and keeps the bytes: names stand in protocol buffers as plain text.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication app;
        private readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();

        private Collector(WebApplication app) => this.app = app;

        public string Address { get; private set; } = "";

        public IEnumerable<string> Paths => received.Select(r => r.Path).Distinct();

        public bool Holds(string text) => received.Any(r => r.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var collector = new Collector(builder.Build());
            collector.app.MapPost("/v1/{kind}", async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                collector.received.Enqueue((request.Path, body.ToArray()));
                return Results.Bytes([], "application/x-protobuf");
            });
            await collector.app.StartAsync();
            collector.Address = collector.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            return collector;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
