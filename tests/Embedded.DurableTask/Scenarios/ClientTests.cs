using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

public sealed class ClientTests : IAsyncLifetime
{
    private DurableTaskTestHost host = null!;

    public async Task InitializeAsync() => host = await DurableTaskTestHost.StartAsync(r => r
        .AddOrchestratorFunc<bool, string>("Task", async (ctx, fail) =>
        {
            ctx.SetCustomStatus("waiting");
            await ctx.WaitForExternalEvent<object>("go");
            return fail ? throw new InvalidOperationException("as asked") : "done";
        })
        .AddOrchestratorFunc("Empty", _ => { })
        .AddOrchestratorFunc("Parent", async ctx => await ctx.CallSubOrchestratorAsync("Empty", options: new SubOrchestrationOptions(instanceId: "child"))));

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metadata_tells_the_whole_life_of_an_instance(bool fail)
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Task", fail);
        (await host.Client.WaitForInstanceStartAsync(id).WaitAsync(Runs.Limit)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Running);
        var running = (await host.Client.GetInstanceAsync(id, getInputsAndOutputs: true)).ShouldNotBeNull();
        running.ReadInputAs<bool>().ShouldBe(fail);
        running.ReadCustomStatusAs<string>().ShouldBe("waiting");
        running.IsRunning.ShouldBeTrue();
        var bare = (await host.Client.GetInstanceAsync(id)).ShouldNotBeNull();
        bare.SerializedInput.ShouldBeNull();
        Should.Throw<InvalidOperationException>(() => bare.ReadInputAs<bool>());

        await host.Client.RaiseEventAsync(id, "go");
        var ended = await host.EndAsync(id);

        ended.Name.ShouldBe("Task");
        ended.IsCompleted.ShouldBeTrue();
        ended.RuntimeStatus.ShouldBe(fail ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Completed);
        ended.SerializedOutput.ShouldBe(fail ? "as asked" : "\"done\"");
        ended.FailureDetails?.ErrorMessage.ShouldBe(fail ? "as asked" : null);
        (await host.Client.GetInstanceAsync(id)).ShouldNotBeNull().FailureDetails.ShouldBeNull("outputs were not asked for");
        ended.CreatedAt.ShouldBeGreaterThan(before);
        ended.LastUpdatedAt.ShouldBeGreaterThanOrEqualTo(ended.CreatedAt);
    }

    [Fact]
    public async Task Instances_are_listed_by_status_prefix_and_time_in_pages()
    {
        for (var i = 0; i < 25; i++)
        {
            await host.Client.ScheduleNewOrchestrationInstanceAsync("Empty", null, new StartOrchestrationOptions($"page-{i:00}"));
        }

        var waiting = await host.Client.ScheduleNewOrchestrationInstanceAsync("Task", false, new StartOrchestrationOptions("other"));
        for (var i = 0; i < 25; i++)
        {
            await host.EndAsync($"page-{i:00}");
        }

        await host.Client.WaitForInstanceStartAsync(waiting).WaitAsync(Runs.Limit);

        (await CountAsync(new OrchestrationQuery(InstanceIdPrefix: "page-"))).ShouldBe(25);
        (await CountAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running]))).ShouldBe(1);
        (await CountAsync(new OrchestrationQuery(CreatedFrom: DateTimeOffset.UtcNow.AddHours(1)))).ShouldBe(0);
        var pages = new List<int>();
        await foreach (var page in host.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "page-")).AsPages(pageSizeHint: 10))
        {
            pages.Add(page.Values.Count);
        }

        pages.ShouldBe([10, 10, 5]);
        var token = default(string);
        var whole = 0;
        await foreach (var page in host.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "page-", PageSize: 5)).AsPages())
        {
            (whole, token) = (whole + 1, whole == 1 ? page.ContinuationToken : token);
        }

        whole.ShouldBe(5, "the last page is a full one, and no empty one follows");
        (await CountAsync(new OrchestrationQuery(InstanceIdPrefix: "page-", ContinuationToken: token))).ShouldBe(15);
    }

    [Fact]
    public async Task An_id_can_be_used_again_when_its_instance_has_ended_and_not_before()
    {
        var options = new StartOrchestrationOptions("mine");
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Task", false, options);
        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Task", false, options));
        await host.Client.RaiseEventAsync("mine", "go");
        await host.EndAsync("mine");

        await Should.ThrowAsync<OrchestrationAlreadyExistsException>(() =>
            host.Client.ScheduleNewOrchestrationInstanceAsync("Task", false, options.WithDedupeStatuses(OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Completed)));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Task", false, options.WithDedupeStatuses(OrchestrationRuntimeStatus.Failed));

        (await host.Client.WaitForInstanceStartAsync("mine").WaitAsync(Runs.Limit)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Running);
    }

    [Fact]
    public async Task An_instance_that_may_be_replaced_while_it_runs_is_terminated_for_its_parent()
    {
        await using var family = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Parent", async ctx => await ctx.CallSubOrchestratorAsync<string>("Child", options: new SubOrchestrationOptions(instanceId: "kid")))
            .AddOrchestratorFunc("Child", async ctx => await ctx.WaitForExternalEvent<string>("go")));
        var parent = await family.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await family.Client.WaitForInstanceStartAsync("kid").WaitAsync(Runs.Limit);

        await family.Client.ScheduleNewOrchestrationInstanceAsync("Child", null, new StartOrchestrationOptions("kid").WithDedupeStatuses());

        (await family.EndAsync(parent)).FailureDetails!.InnerFailure!.ErrorType.ShouldBe("Terminated");
        await family.Client.RaiseEventAsync("kid", "go", "alone");
        (await family.EndAsync("kid")).ReadOutputAs<string>().ShouldBe("alone");
    }

    [Fact]
    public async Task Deduplication_that_makes_no_sense_is_an_error_and_changes_nothing()
    {
        Task<string> StartAsync(params string[] statuses) =>
            host.Client.ScheduleNewOrchestrationInstanceAsync("Task", false, new StartOrchestrationOptions("odd") { DedupeStatuses = statuses });
        await Should.ThrowAsync<ArgumentException>(() => StartAsync("Nonsense"));
        (await host.Client.GetInstanceAsync("odd")).ShouldBeNull();
        await StartAsync("Terminated");
        await host.Client.WaitForInstanceStartAsync("odd").WaitAsync(Runs.Limit);

        await Should.ThrowAsync<ArgumentException>(() => StartAsync("Terminated"));

        await host.Client.RaiseEventAsync("odd", "go");
        (await host.EndAsync("odd")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        await StartAsync("Terminated", "Failed");
    }

    [Fact]
    public async Task A_start_for_later_is_pending_until_then()
    {
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Empty", null, new StartOrchestrationOptions(StartAt: DateTimeOffset.UtcNow.AddMilliseconds(400)));
        (await host.Client.GetInstanceAsync(id)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Pending);

        var ended = await host.EndAsync(id);

        (ended.LastUpdatedAt - ended.CreatedAt).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(350));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Restart_runs_an_ended_instance_anew_with_its_input(bool newId)
    {
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Task", false);
        await Should.ThrowAsync<InvalidOperationException>(() => host.Client.RestartAsync(id));
        await host.Client.RaiseEventAsync(id, "go");
        await host.EndAsync(id);

        var again = await host.Client.RestartAsync(id, newId);

        (again == id).ShouldBe(!newId);
        await host.Client.RaiseEventAsync(again, "go");
        (await host.EndAsync(again)).ReadInputAs<bool>().ShouldBeFalse();
        (await Should.ThrowAsync<ArgumentException>(() => host.Client.RestartAsync("nobody"))).Message.ShouldContain("An orchestration with the instanceId nobody was not found");
    }

    [Fact]
    public async Task Purge_removes_ended_instances_and_their_children_when_asked()
    {
        var parent = await host.RunAsync("Parent");
        var running = await host.Client.ScheduleNewOrchestrationInstanceAsync("Task", false);

        (await host.Client.PurgeInstanceAsync(running)).PurgedInstanceCount.ShouldBe(0);
        (await host.Client.PurgeInstanceAsync(parent.InstanceId, new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount.ShouldBe(2);

        (await host.Client.GetInstanceAsync("child")).ShouldBeNull();
        (await host.Client.GetInstanceAsync(parent.InstanceId)).ShouldBeNull();
        await host.RunAsync("Empty");
        await host.RunAsync("Empty");
        (await host.Client.PurgeInstancesAsync(DateTimeOffset.UtcNow.AddHours(-1), null, [OrchestrationRuntimeStatus.Completed])).PurgedInstanceCount.ShouldBe(2);
        (await host.Client.GetInstanceAsync(running)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Terminating_suspending_and_resuming_what_has_ended_changes_nothing()
    {
        var ended = await host.RunAsync("Empty");

        await host.Client.SuspendInstanceAsync(ended.InstanceId);
        await host.Client.ResumeInstanceAsync(ended.InstanceId);
        await host.Client.TerminateInstanceAsync(ended.InstanceId, "late");

        var after = (await host.Client.GetInstanceAsync(ended.InstanceId)).ShouldNotBeNull();
        after.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
        after.LastUpdatedAt.ShouldBe(ended.LastUpdatedAt);
    }

    [Fact]
    public async Task Waiting_begins_before_there_is_an_instance_and_can_be_canceled()
    {
        var started = host.Client.WaitForInstanceStartAsync("child");
        var ended = host.Client.WaitForInstanceCompletionAsync("child");
        using var soon = new CancellationTokenSource(100);
        await Should.ThrowAsync<OperationCanceledException>(() => host.Client.WaitForInstanceCompletionAsync("child", soon.Token));

        await host.RunAsync("Parent");

        (await started.WaitAsync(Runs.Limit)).InstanceId.ShouldBe("child");
        (await ended.WaitAsync(Runs.Limit)).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task History_tells_each_step_in_order()
    {
        var ended = await host.RunAsync("Parent");

        (await host.Client.GetOrchestrationHistoryAsync(ended.InstanceId)).Select(e => e.EventType).ShouldBe(
        [
            EventType.OrchestratorStarted, EventType.ExecutionStarted, EventType.SubOrchestrationInstanceCreated,
            EventType.OrchestratorStarted, EventType.SubOrchestrationInstanceCompleted, EventType.ExecutionCompleted,
        ]);
    }

    private async Task<int> CountAsync(OrchestrationQuery query)
    {
        var count = 0;
        await foreach (var _ in host.Client.GetAllInstancesAsync(query))
        {
            count++;
        }

        return count;
    }
}
