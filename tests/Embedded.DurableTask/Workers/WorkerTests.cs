using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Scenarios;

namespace VpsPilot.Embedded.DurableTask.Tests.Workers;

public sealed class WorkerTests
{
    [Fact]
    public async Task Classes_are_named_by_attribute_or_type_and_get_services()
    {
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r.AddOrchestrator<Greeter>().AddActivity<Greeting>(),
            services => services.AddScoped<Counter>());

        (await host.RunAsync(nameof(Greeter), "Ada")).ReadOutputAs<string>().ShouldBe("Hello Ada, hello Ada; one scope each: True");
    }

    [Theory]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.None, "2.0", OrchestrationRuntimeStatus.Completed)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.Strict, "1.0", OrchestrationRuntimeStatus.Completed)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.Strict, "2.0", OrchestrationRuntimeStatus.Failed)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder, "0.9", OrchestrationRuntimeStatus.Completed)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder, "1.10", OrchestrationRuntimeStatus.Failed)]
    public async Task Versions_a_worker_does_not_take_fail_when_it_is_set_so(DurableTaskWorkerOptions.VersionMatchStrategy strategy, string version, OrchestrationRuntimeStatus expected)
    {
        await using var host = await DurableTaskTestHost.StartWorkerAsync(
            worker => worker
                .AddTasks(r => r.AddOrchestratorFunc("V", async ctx => await ctx.CallActivityAsync<string>("A")).AddActivityFunc("A", ctx => ctx.Version))
                .UseVersioning(new() { Version = "1.0", MatchStrategy = strategy, FailureStrategy = DurableTaskWorkerOptions.VersionFailureStrategy.Fail }),
            client => client.UseDefaultVersion(version));

        var ended = await host.RunAsync("V");

        ended.RuntimeStatus.ShouldBe(expected);
        if (expected == OrchestrationRuntimeStatus.Failed)
        {
            ended.FailureDetails!.ErrorType.ShouldBe("VersionMismatch");
        }
        else
        {
            ended.ReadOutputAs<string>().ShouldBe(version, "an activity gets its orchestration's version");
        }
    }

    [Fact]
    public async Task A_version_nobody_registered_falls_to_the_unversioned_one_only_where_there_are_no_others()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc<object?, string>("Mixed", new TaskVersion("2"), (_, _) => Task.FromResult("two"))
            .AddOrchestratorFunc("Mixed", _ => "plain")
            .AddOrchestratorFunc("Plain", async ctx => await ctx.CallActivityAsync<string>("Act"))
            .AddActivityFunc("Act", _ => "unversioned activity"));
        async Task<OrchestrationMetadata> RunAsync(string name, string version) =>
            await host.EndAsync(await host.Client.ScheduleNewOrchestrationInstanceAsync(name, new StartOrchestrationOptions { Version = version }));

        (await RunAsync("Mixed", "2")).ReadOutputAs<string>().ShouldBe("two");
        (await RunAsync("Mixed", "")).ReadOutputAs<string>().ShouldBe("plain");
        var missing = (await RunAsync("Mixed", "3")).FailureDetails.ShouldNotBeNull();
        missing.ErrorType.ShouldBe("OrchestratorTaskNotFound");
        missing.ErrorMessage.ShouldBe("No orchestrator task named 'Mixed' with version '3' was found.");
        (await RunAsync("Plain", "3")).ReadOutputAs<string>().ShouldBe("unversioned activity");
    }

    [Fact]
    public async Task A_new_version_is_taken_with_continue_as_new_and_by_calls_that_name_it()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc<object?, string>("Step", new TaskVersion("1"), (ctx, _) =>
            {
                ctx.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "2" });
                return Task.FromResult("left");
            })
            .AddOrchestratorFunc<object?, string>("Step", new TaskVersion("2"), async (ctx, _) =>
                $"{await ctx.CallActivityAsync<string>("Act")} {await ctx.CallActivityAsync<string>("Act", new TaskOptions { Version = "1" })} {ctx.CompareVersionTo("10")}")
            .AddActivityFunc<object?, string>("Act", new TaskVersion("1"), (_, _) => Task.FromResult("old"))
            .AddActivityFunc<object?, string>("Act", new TaskVersion("2"), (_, _) => Task.FromResult("new")));
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Step", new StartOrchestrationOptions { Version = "1" });

        (await host.EndAsync(id)).ReadOutputAs<string>().ShouldStartWith("new old");
    }

    [Fact]
    public async Task Tags_are_kept_and_pass_to_sub_orchestrations_that_name_them()
    {
        var tags = new Dictionary<string, string> { ["team"] = "blue" };
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestratorFunc("Parent", async ctx => await ctx.CallSubOrchestratorAsync("Child", options: new SubOrchestrationOptions(new TaskOptions(tags: tags), "tagged-child")))
            .AddOrchestratorFunc("Child", _ => { }));

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent", new StartOrchestrationOptions { Tags = tags });

        (await host.EndAsync(id)).Tags.ShouldBe(tags);
        (await host.Client.GetInstanceAsync("tagged-child"))!.Tags.ShouldBe(tags);
    }

    [Fact]
    public async Task A_provider_adds_facts_to_failures()
    {
        await using var host = await DurableTaskTestHost.StartWorkerAsync(
            worker => worker.AddTasks(r => r
                .AddOrchestratorFunc("Top", async ctx => await ctx.CallActivityAsync("Fail", 5))
                .AddActivityFunc<int>("Fail", (_, size) => throw new ArgumentOutOfRangeException(nameof(size), size, "too big"))),
            configure: services => services.AddSingleton<IExceptionPropertiesProvider, ArgumentProperties>());

        var failure = (await host.RunAsync("Top")).FailureDetails!.InnerFailure!;

        failure.Properties.ShouldNotBeNull()["Name"]!.ToString().ShouldBe("size");
    }

    [Fact]
    public async Task A_class_whose_services_are_missing_fails_its_instances_and_no_others()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r
            .AddOrchestrator<Needy>().AddActivity<Greeting>()
            .AddOrchestratorFunc("Calls", async ctx => await ctx.CallActivityAsync<Said>("Greet", "x"))
            .AddOrchestratorFunc("Fine", _ => { }));

        (await host.RunAsync(nameof(Needy))).FailureDetails.ShouldNotBeNull().ErrorMessage.ShouldContain(nameof(Counter));
        (await host.RunAsync("Calls")).FailureDetails!.InnerFailure.ShouldNotBeNull().ErrorMessage.ShouldContain(nameof(Counter));
        (await host.RunAsync("Fine")).RuntimeStatus.ShouldBe(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task An_orchestrator_that_awaits_something_else_fails_and_says_so()
    {
        await using var host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc("Stray", async _ => await Task.Delay(50)));

        (await host.RunAsync("Stray")).FailureDetails.ShouldNotBeNull().ErrorMessage.ShouldContain("not durable");
    }

    [Fact]
    public async Task Time_ids_and_replay_are_deterministic()
    {
        await using var host = await DurableTaskTestHost.StartAsync(
            r => r
                .AddOrchestratorFunc("Same", async ctx =>
                {
                    List<string> first = [$"{ctx.CurrentUtcDateTime:o}", $"{ctx.NewGuid()}", $"{ctx.NewGuid()}"];
                    for (var i = 0; i < 3; i++)
                    {
                        first = await ctx.CallActivityAsync<List<string>>("Echo", first);
                    }

                    return first.Distinct().Count() == 3;
                })
                .AddActivityFunc<List<string>, List<string>>("Echo", (_, values) => values),
            options: o => o.SessionsInMemory = 1);

        (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.RunAsync("Same")))).ShouldAllBe(r => r.ReadOutputAs<bool>());
    }

    [DurableTask(nameof(Greeter))]
    private sealed class Greeter : TaskOrchestrator<string, string>
    {
        public override async Task<string> RunAsync(TaskOrchestrationContext context, string input)
        {
            var first = await context.CallActivityAsync<Said>("Greet", "Hello " + input);
            var second = await context.CallActivityAsync<Said>("Greet", "hello " + input);
            return $"{first.Text}, {second.Text}; one scope each: {first.Count == 1 && second.Count == 1}";
        }
    }

    [DurableTask("Greet")]
    private sealed class Greeting(Counter counter) : TaskActivity<string, Said>
    {
        public override Task<Said> RunAsync(TaskActivityContext context, string input) => Task.FromResult(new Said(input, ++counter.Value));
    }

    private sealed class Needy(Counter counter) : TaskOrchestrator<object?, int>
    {
        public override Task<int> RunAsync(TaskOrchestrationContext context, object? input) => Task.FromResult(counter.Value);
    }

    private sealed record Said(string Text, int Count);

    private sealed class Counter
    {
        public int Value { get; set; }
    }

    private sealed class ArgumentProperties : IExceptionPropertiesProvider
    {
        public IDictionary<string, object?>? GetExceptionProperties(Exception exception) =>
            exception is ArgumentOutOfRangeException e ? new Dictionary<string, object?> { ["Name"] = e.ParamName, ["Actual"] = e.ActualValue } : null;
    }
}
