using System.Collections.Concurrent;
using System.Diagnostics;
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
        using var server = new ApiServer { Settings = [$"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_METRIC_EXPORT_INTERVAL=200"] };
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

        // What is read when somebody collects is there only while the broker runs.
        await ApiServer.UntilAsync(() => Task.FromResult(collector.Holds("broker.queue.messages") && collector.Holds("node-")));
        await server.DisposeAsync(); // Flushes.

        seen.ShouldNotBeEmpty();
        seen.ShouldAllBe(t => t != null && t.Contains(Trace));
        collector.Paths.ShouldContain("/v1/traces");
        collector.Paths.ShouldContain("/v1/metrics");
        collector.Holds("activity:SendBuildActivity").ShouldBeTrue();
        collector.Holds("durabletask.activities").ShouldBeTrue();
    }

    [Fact]
    public async Task A_trace_runs_from_the_webhook_to_the_agent_and_with_its_events_back_into_the_orchestration()
    {
        const string trace = "7a085853722dc6d2aa5c3f1e9b40d6f1";
        using var spans = new Spans(trace);
        using var server = new ApiServer();
        await server.InitializeAsync();
        var commands = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using (var agent = await server.AgentAsync("there"))
        {
            agent.Answer = c =>
            {
                commands[c.CommandId] = c.TraceParent!;
                return SimulatedAgent.Succeed(c);
            };
            var project = await server.ProjectAsync("there-and-back", "there");
            var pushed = await server.PushAsync(project, "d-1", trace).JsonAsync(System.Net.HttpStatusCode.Accepted);
            ((string)(await server.EndAsync((string)pushed["deploymentId"]!))["status"]!).ShouldBe("succeeded");
        }

        await server.DisposeAsync();

        commands.Count.ShouldBe(2, "a build, and an activation that the answer to the build leads to");
        foreach (var (id, parent) in commands)
        {
            parent.ShouldContain(trace);
            var sending = ActivityContext.Parse(parent, null).SpanId;
            spans.Of("activity:Send").ShouldContain(s => s.SpanId == sending, "the command names the activity that sent it");
            var raised = spans.Of($"orchestration_event:result:{id}").ShouldHaveSingleItem();
            var received = spans.Of("agent-events process").Where(s => s.SpanId == raised.ParentSpanId).ShouldHaveSingleItem();
            received.ParentSpanId.ShouldBe(sending, "the agent's answer names the command that it answers");
        }
    }

    [Fact]
    public async Task A_push_that_is_put_off_keeps_its_own_trace()
    {
        string[] traces = ["11111111111111111111111111111111", "22222222222222222222222222222222", "33333333333333333333333333333333"];
        using var server = new ApiServer { Settings = ["--Deployments:DispatchInterval=00:00:02"] };
        await server.InitializeAsync();
        var seen = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using (var agent = await server.AgentAsync("late"))
        {
            agent.Answer = c =>
            {
                seen[c.DeploymentId!] = c.TraceParent!;
                return SimulatedAgent.Succeed(c);
            };
            var project = await server.ProjectAsync("put-off", "late");
            var ids = new List<string>();
            foreach (var trace in traces)
            {
                ids.Add((string)(await server.PushAsync(project, trace, trace).JsonAsync(System.Net.HttpStatusCode.Accepted))["deploymentId"]!);
            }

            ((string)(await server.EndAsync(ids[2]))["status"]!).ShouldBe("succeeded");
            seen[ids[2]].ShouldContain(traces[2]);
            ((string)(await server.EndAsync(ids[1]))["status"]!).ShouldBe("superseded");
        }

        await server.DisposeAsync();
    }

    /// <summary>Keeps the ended spans of one trace.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> ended = new();
        private readonly ActivityListener listener;

        public Spans(string trace)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name is "Microsoft.Azure.Functions.Worker" or "Microsoft.DurableTask",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (span.TraceId.ToHexString() == trace)
                    {
                        ended.Enqueue(span);
                    }
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public IEnumerable<Activity> Of(string name) => ended.Where(s => s.OperationName.StartsWith(name, StringComparison.Ordinal));

        public void Dispose() => listener.Dispose();
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
