using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

public sealed class PatternTests
{
    [Fact]
    public async Task A_chain_of_activities_hands_each_result_to_the_next()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc<int, int>("Chain", async (ctx, input) =>
            {
                for (var i = 0; i < 10; i++)
                {
                    input = await ctx.CallActivityAsync<int>("AddOne", input);
                }

                return input;
            })
            .AddActivityFunc<int, int>("AddOne", (_, value) => value + 1));

        var result = await host.RunAsync("Chain", 5);

        result.ReadOutputAs<int>().ShouldBe(15);
        result.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task A_fan_out_joins_all_results_in_order()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("FanOut", async ctx => await Task.WhenAll(Enumerable.Range(0, 50).Select(i => ctx.CallActivityAsync<string>("Name", i))))
            .AddActivityFunc<int, string>("Name", (_, i) => $"n{i}"));

        (await host.RunAsync("FanOut")).ReadOutputAs<string[]>().ShouldBe(Enumerable.Range(0, 50).Select(i => $"n{i}"));
    }

    [Fact]
    public async Task External_events_are_matched_by_name_and_kept_until_awaited()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Events", async ctx =>
            {
                var second = await ctx.WaitForExternalEvent<string>("second");
                var first = await ctx.WaitForExternalEvent<string>("FIRST");
                var again = await ctx.WaitForExternalEvent<string>("first");
                return $"{first}{again}{second}";
            }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Events");

        await host.Client.RaiseEventAsync(id, "first", "a");
        await host.Client.RaiseEventAsync(id, "First", "b");
        await host.Client.RaiseEventAsync(id, "Second", "c");

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("abc");
    }

    [Fact]
    public async Task A_wait_with_a_time_limit_is_canceled_and_the_timer_given_up_when_the_event_comes()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Limits", async ctx =>
            {
                var late = await ctx.WaitForExternalEvent<int>("never", TimeSpan.FromMilliseconds(50)).ContinueWith(t => t.IsCanceled, TaskContinuationOptions.ExecuteSynchronously);
                var value = await ctx.WaitForExternalEvent<int>("soon", TimeSpan.FromDays(30));
                return $"{late} {value}";
            }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Limits");
        await host.Client.RaiseEventAsync(id, "soon", 7);

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("True 7");
    }

    [Fact]
    public async Task A_failed_activity_reports_itself_and_its_inner_exceptions()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Faulty", async ctx => await ctx.CallActivityAsync("Explode"))
            .AddActivityFunc("Explode", (TaskActivityContext _) => throw new InvalidOperationException("boom", new FormatException("inside"))));

        var result = await host.RunAsync("Faulty");

        result.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        var failure = result.FailureDetails.ShouldNotBeNull();
        failure.IsCausedBy<TaskFailedException>().ShouldBeTrue();
        failure.ErrorMessage.ShouldBe("Task 'Explode' (#0) failed with an unhandled exception: boom");
        failure.InnerFailure.ShouldNotBeNull().IsCausedBy<InvalidOperationException>().ShouldBeTrue();
        failure.InnerFailure.InnerFailure.ShouldNotBeNull().IsCausedBy<FormatException>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_retry_policy_tries_as_often_as_it_says()
    {
        var attempts = 0;
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Retry", async ctx => await ctx.CallActivityAsync<int>("Flaky", TaskOptions.FromRetryPolicy(new RetryPolicy(4, TimeSpan.FromMilliseconds(5), 2))))
            .AddActivityFunc<object?, int>("Flaky", (_, _) => Interlocked.Increment(ref attempts) < 4 ? throw new InvalidOperationException("again") : attempts));

        (await host.RunAsync("Retry")).ReadOutputAs<int>().ShouldBe(4);
    }

    [Fact]
    public async Task Sub_orchestrations_know_their_parent_and_return_their_result()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Parent", async ctx => await ctx.CallSubOrchestratorAsync<string>("Child", "in", new SubOrchestrationOptions(instanceId: "kid")))
            .AddOrchestratorFunc<string, string>("Child", (ctx, input) => Task.FromResult($"{ctx.Parent!.Name} {ctx.InstanceId} {input}")));

        (await host.RunAsync("Parent")).ReadOutputAs<string>().ShouldBe("Parent kid in");
    }

    [Fact]
    public async Task Continue_as_new_keeps_the_events_nobody_took()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc<int, int>("Loop", async (ctx, sum) =>
            {
                sum += await ctx.WaitForExternalEvent<int>("add");
                if (sum < 10)
                {
                    ctx.ContinueAsNew(sum);
                }

                return sum;
            }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Loop", 0);
        for (var i = 1; i <= 4; i++)
        {
            await host.Client.RaiseEventAsync(id, "add", i);
        }

        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Continue_as_new_keeps_the_events_that_came_in_the_same_step(bool preserve)
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc<int, int>("Loop", async (ctx, sum) =>
            {
                sum += await ctx.WaitForExternalEvent<int>("add");
                if (sum < 6)
                {
                    ctx.ContinueAsNew(sum, preserve);
                }

                return sum;
            }));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Loop", 0);
        await host.Client.WaitForInstanceStartAsync(id).WaitAsync(Runs.Limit);
        await host.Client.SuspendInstanceAsync(id);
        for (var i = 1; i <= 3; i++)
        {
            await host.Client.RaiseEventAsync(id, "add", i);
        }

        await host.Client.ResumeInstanceAsync(id);
        if (preserve)
        {
            (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(6);
            return;
        }

        await Runs.WaitForAsync(async () => (await host.Client.GetInstanceAsync(id, getInputsAndOutputs: true))?.ReadInputAs<int>() == 1);
        await host.Client.RaiseEventAsync(id, "add", 10);
        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(11);
    }

    [Fact]
    public async Task A_suspended_instance_keeps_its_events_until_it_is_resumed()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc("Wait", async ctx => await ctx.WaitForExternalEvent<int>("go")));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await host.Client.WaitForInstanceStartAsync(id).WaitAsync(Runs.Limit);
        await host.Client.SuspendInstanceAsync(id, "lunch");
        await host.Client.RaiseEventAsync(id, "go", 3);
        await Task.Delay(200);
        (await host.Client.GetInstanceAsync(id)).ShouldNotBeNull().RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Suspended);

        await host.Client.ResumeInstanceAsync(id);

        (await host.EndAsync(id)).ReadOutputAs<int>().ShouldBe(3);
    }

    [Fact]
    public async Task Terminate_ends_an_instance_and_its_children_when_asked()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Parent", async ctx => await ctx.CallSubOrchestratorAsync("Child", options: new SubOrchestrationOptions(instanceId: "kid")))
            .AddOrchestratorFunc("Child", async ctx => await ctx.WaitForExternalEvent<int>("never")));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await Runs.WaitForAsync(async () => (await host.Client.GetInstanceAsync("kid"))?.IsRunning == true);

        await host.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("enough", Recursive: true));

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldBe("enough");
        (await host.EndAsync("kid")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    public async Task A_restarted_engine_goes_on_where_the_first_one_stopped()
    {
        using var folder = new TemporaryFolder();
        var calls = 0;
        void Register(DurableTaskRegistry r) => r
            .AddOrchestratorFunc("Long", async ctx =>
            {
                var id = ctx.NewGuid();
                var one = await ctx.CallActivityAsync<int>("Count");
                await ctx.WaitForExternalEvent<string>("go on");
                var other = await ctx.CallActivityAsync<int>("Count");
                return $"{one}{other}{id == await ctx.CallActivityAsync<Guid>("Echo", id)}";
            })
            .AddActivityFunc<object?, int>("Count", (_, _) => Interlocked.Increment(ref calls))
            .AddActivityFunc<Guid, Guid>("Echo", (_, g) => g);
        var path = Path.Combine(folder.Path, "hub.db");
        string instance;
        await using (var first = await DurableTaskTestHost.StartAsync(Register, databasePath: path))
        {
            instance = await first.Client.ScheduleNewOrchestrationInstanceAsync("Long");
            await Runs.WaitForAsync(() => Task.FromResult(Volatile.Read(ref calls) == 1));
        }

        await using var second = await DurableTaskTestHost.StartAsync(Register, databasePath: path);
        await second.Client.RaiseEventAsync(instance, "go on", "x");

        (await second.EndAsync(instance)).ReadOutputAs<string>().ShouldBe("12True");
    }

    [Fact]
    public async Task A_changed_orchestrator_fails_its_instance_and_names_both_steps()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "hub.db");
        string instance;
        await using (var first = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Changing", async ctx =>
            {
                await ctx.CallActivityAsync("Old");
                await ctx.WaitForExternalEvent<int>("go");
            })
            .AddActivityFunc("Old", (TaskActivityContext _) => { }), databasePath: path))
        {
            instance = await first.Client.ScheduleNewOrchestrationInstanceAsync("Changing");
            await first.Client.WaitForInstanceStartAsync(instance).WaitAsync(Runs.Limit);
        }

        await using var second = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc("Changing", async ctx => await ctx.CallActivityAsync("New")), databasePath: path);
        await second.Client.RaiseEventAsync(instance, "go", 1);
        var ended = await second.EndAsync(instance);

        ended.RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.ShouldContain("NonDeterministic");
        ended.FailureDetails.ErrorMessage.ShouldContain("'Old'");
        ended.FailureDetails.ErrorMessage.ShouldContain("'New'");
    }
}
