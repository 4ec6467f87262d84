using System.Text;
using VpsPilot.Embedded.Broker;
using VpsPilot.Embedded.Functions.Tests.Sample;

namespace VpsPilot.Embedded.Functions.Tests.Triggers;

public sealed class TraceTests(SampleApp app) : IClassFixture<SampleApp>
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string TraceParent = $"00-{Trace}-b7ad6b7169203331-01";

    [Fact]
    public async Task A_trace_runs_from_the_request_through_the_orchestration_into_its_activity()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "app/hello/traced");
        request.Headers.Add("traceparent", TraceParent);
        using var response = await app.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();

        await app.WaitForAsync(l => l.Contains($"trace traced {Trace}"));
    }

    [Fact]
    public async Task A_trace_runs_from_a_message_into_its_function()
    {
        await app.Broker.SendAsync("texts", new BrokerMessage
        {
            Body = Encoding.UTF8.GetBytes("spanned"),
            ApplicationProperties = new Dictionary<string, object> { ["traceparent"] = TraceParent },
        });

        await app.WaitForAsync(l => l.Contains($"trace spanned {Trace}"));
    }

    [Fact]
    public async Task A_malformed_trace_context_is_ignored()
    {
        await app.Broker.SendAsync("texts", new BrokerMessage
        {
            Body = Encoding.UTF8.GetBytes("unspanned"),
            ApplicationProperties = new Dictionary<string, object> { ["traceparent"] = "nonsense" },
        });

        await app.WaitForAsync(l => l.Contains("text unspanned 1"));
    }
}
