using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

public sealed class SerializationTests
{
    [Fact]
    public async Task Records_tuples_nodes_nulls_and_dates_arrive_as_they_were()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc<Everything, Everything>("Echo", (ctx, input) => ctx.CallActivityAsync<Everything>("Echo", input))
            .AddActivityFunc<Everything, Everything>("Echo", (_, input) => input with { Node = new JsonObject { ["was"] = input.Node?.DeepClone() } })
            .AddOrchestratorFunc<string?, bool>("IsNull", (_, input) => input is null));
        var sent = new Everything("é\n\"", null, (3, "three"), DateTime.UtcNow, [1, 2], JsonNode.Parse("""{"a":[true,null]}"""));

        var back = (await host.RunAsync("Echo", sent)).ReadOutputAs<Everything>().ShouldNotBeNull();

        (back with { Node = null, Numbers = sent.Numbers }).ShouldBe(sent with { Node = null });
        back.Numbers.ShouldBe(sent.Numbers);
        back.Node!.ToJsonString().ShouldBe("""{"was":{"a":[true,null]}}""");
        (await host.RunAsync("IsNull")).ReadOutputAs<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("output")]
    [InlineData("activity")]
    [InlineData("status")]
    [InlineData("again")]
    public async Task What_cannot_be_serialized_fails_the_orchestration_at_once(string where)
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc<string, object?>("Bad", async (ctx, what) =>
            {
                switch (what)
                {
                    case "activity":
                        return await ctx.CallActivityAsync<object>("BadActivity");
                    case "status":
                        ctx.SetCustomStatus(new Endless());
                        return null;
                    case "again":
                        ctx.ContinueAsNew(new Endless());
                        return null;
                    default:
                        return new Endless();
                }
            })
            .AddActivityFunc<object?, object>("BadActivity", (_, _) => new Endless()));

        (await host.RunAsync("Bad", where)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
    }

    [Theory]
    [InlineData("Orchestrator")]
    [InlineData("Activity")]
    [InlineData("Event")]
    public async Task An_input_of_the_wrong_shape_fails_where_it_is_read(string where)
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc<int, int>("Orchestrator", (_, n) => n)
            .AddOrchestratorFunc("Activity", async ctx => await ctx.CallActivityAsync<int>("Number", "no number"))
            .AddOrchestratorFunc("Event", async ctx => await ctx.WaitForExternalEvent<int>("n"))
            .AddActivityFunc<int, int>("Number", (_, n) => n));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync(where, "no number");
        await host.Client.RaiseEventAsync(id, "n", "no number");

        var failure = (await host.EndAsync(id)).FailureDetails.ShouldNotBeNull();

        (where == "Activity" ? failure.InnerFailure! : failure).IsCausedBy<JsonException>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_converter_of_the_apps_own_is_used_on_both_sides()
    {
        var camel = new JsonDataConverter(new JsonSerializerOptions(JsonSerializerDefaults.Web));
        await using var host = await DurableTaskTestHost.StartWorkerAsync(
            worker => worker.AddTasks(r => r.AddOrchestratorFunc<Named, Named>("Same", (_, input) => input)).Configure(o => o.DataConverter = camel),
            client => client.Configure(o => o.DataConverter = camel));

        var ended = await host.RunAsync("Same", new Named("x"));

        ended.SerializedInput.ShouldBe("""{"firstName":"x"}""");
        ended.SerializedOutput.ShouldBe("""{"firstName":"x"}""");
        ended.ReadOutputAs<Named>().ShouldBe(new Named("x"));
    }

    [Fact]
    public async Task Facts_of_failures_come_back_as_text_numbers_times_lists_and_maps()
    {
        var when = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        await using var host = await DurableTaskTestHost.StartWorkerAsync(
            worker => worker.AddTasks(r => r
                .AddOrchestratorFunc("Top", async ctx => await ctx.CallSubOrchestratorAsync("Middle"))
                .AddOrchestratorFunc("Middle", async ctx => await ctx.CallActivityAsync("Fail"))
                .AddActivityFunc("Fail", (TaskActivityContext _) => throw new FormatException("no"))),
            configure: services => services.AddSingleton<IExceptionPropertiesProvider>(new Facts(e => e is FormatException
                ? new Dictionary<string, object?>
                {
                    ["text"] = "t",
                    ["number"] = 5L,
                    ["time"] = when,
                    ["none"] = null,
                    ["list"] = new List<object?> { "a", 1, null },
                    ["map"] = new Dictionary<string, object?> { ["yes"] = true },
                    ["strange"] = typeof(int),
                }
                : throw new InvalidOperationException("The provider itself is at fault."))));

        var failure = (await host.RunAsync("Top")).FailureDetails!;
        failure.Properties.ShouldBeNull("a provider that throws adds nothing");
        var facts = failure.InnerFailure!.InnerFailure!.Properties.ShouldNotBeNull();

        facts["text"].ShouldBe("t");
        facts["number"].ShouldBe(5.0);
        facts["time"].ShouldBe(when);
        facts["none"].ShouldBeNull();
        facts["list"].ShouldBeAssignableTo<IList<object?>>().ShouldBe(["a", 1.0, null]);
        facts["map"].ShouldBeAssignableTo<IDictionary<string, object?>>()!["yes"].ShouldBe(true);
        facts["strange"].ShouldBe("System.Int32");
    }

    private sealed record Everything(string Text, string? Nothing, (int Number, string Name) Pair, DateTime When, int[] Numbers, JsonNode? Node);

    private sealed record Named(string FirstName);

    private sealed class Endless
    {
        public Endless Self => this;
    }

    private sealed class Facts(Func<Exception, IDictionary<string, object?>?> read) : IExceptionPropertiesProvider
    {
        public IDictionary<string, object?>? GetExceptionProperties(Exception exception) => read(exception);
    }
}
