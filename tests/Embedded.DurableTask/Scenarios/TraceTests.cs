using System.Collections.Concurrent;
using System.Diagnostics;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

/// <summary>Spans by the names, kinds, parents and tags of the public runtime.</summary>
public sealed class TraceTests
{
    private const string Source = "Microsoft.DurableTask";

    [Fact]
    public async Task Spans_of_an_orchestration_hang_together_from_the_callers_to_the_activitys()
    {
        var (spans, root) = await RunAsync("Top", fail: false);

        var create = spans.Single(s => s.OperationName == "create_orchestration:Top");
        create.ParentId.ShouldBe(root.Id);
        var top = spans.Single(s => s.OperationName == "orchestration:Top");
        (top.Kind, top.ParentId, top.GetTagItem("durabletask.task.status")).ShouldBe((ActivityKind.Server, create.Id, "Completed"));
        var call = spans.Single(s => s.OperationName == "activity:Work" && s.Kind == ActivityKind.Client);
        call.ParentId.ShouldBe(top.Id);
        var run = spans.Single(s => s.OperationName == "activity:Work" && s.Kind == ActivityKind.Server);
        run.ParentId.ShouldBe(call.Id);
        run.GetTagItem("durabletask.type").ShouldBe("activity");
        run.GetTagItem("durabletask.task.task_id").ShouldNotBeNull();
        var childCall = spans.Single(s => s.OperationName == "orchestration:Child" && s.Kind == ActivityKind.Client);
        childCall.ParentId.ShouldBe(top.Id);
        spans.Single(s => s.OperationName == "orchestration:Child" && s.Kind == ActivityKind.Server).ParentId.ShouldBe(childCall.Id);
        var timer = spans.Single(s => s.OperationName == "orchestration:Top:timer");
        (timer.Kind, timer.ParentId).ShouldBe((ActivityKind.Internal, top.Id));
        timer.GetTagItem("durabletask.fire_at").ShouldNotBeNull();
        var sent = spans.Single(s => s.OperationName == "orchestration_event:ping");
        (sent.Kind, sent.ParentId, sent.GetTagItem("durabletask.event.target_instance_id")).ShouldBe((ActivityKind.Producer, top.Id, "nobody"));
        top.Duration.ShouldBeGreaterThanOrEqualTo(timer.Duration);
    }

    [Fact]
    public async Task Failures_are_marked_on_every_span_they_pass()
    {
        var (spans, _) = await RunAsync("Top", fail: true);

        spans.Where(s => s.OperationName is "activity:Work" or "orchestration:Top").Select(s => s.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Error]);
        spans.Single(s => s.OperationName == "orchestration:Top").GetTagItem("durabletask.task.status").ShouldBe("Failed");
    }

    private static async Task<(List<Activity> Spans, Activity Root)> RunAsync(string name, bool fail)
    {
        var all = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = all.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var root = new Activity("caller").Start();
        await using (var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc<bool>("Top", async (ctx, failing) =>
            {
                ctx.SendEvent("nobody", "ping", 1);
                await ctx.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
                await ctx.CallActivityAsync("Work", failing);
                await ctx.CallSubOrchestratorAsync("Child");
            })
            .AddOrchestratorFunc("Child", _ => { })
            .AddActivityFunc<bool>("Work", (_, failing) =>
            {
                if (failing)
                {
                    throw new InvalidOperationException("as asked");
                }
            })))
        {
            await host.RunAsync(name, fail);
        }

        root.Stop();
        return ([.. all.Where(s => s.TraceId == root.TraceId)], root);
    }
}
