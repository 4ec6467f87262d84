using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Activities;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Deployments.Lanes;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Deployments.Orchestration.Groups;
using VpsPilot.Functions.Deployments.Orchestration.Rollout;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Tests.Deployments.Orchestration;

/// <summary>The real orchestrations and activities on the real engine, with agents that answer as the test says.</summary>
internal sealed class OrchestrationRig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DurableTaskTestHost engine;

    private OrchestrationRig(TestPlane plane, DurableTaskTestHost engine, FakeAgents agents) => (Plane, this.engine, Agents) = (plane, engine, agents);

    public TestPlane Plane { get; }

    public DurableTaskClient Client => engine.Client;

    public FakeAgents Agents { get; }

    public DeploymentStore Store => Plane.Get<DeploymentStore>();

    /// <summary>Starts with these nodes, and the project <c>shop</c> on all of them.</summary>
    public static async Task<OrchestrationRig> StartAsync(params string[] nodes)
    {
        var plane = new TestPlane();
        DurableTaskTestHost? host = null;
        host = await DurableTaskTestHost.StartAsync(r => Register(r, plane, () => host!.Client), s => s.AddSingleton<TimeProvider>(plane.Time), Path.Combine(plane.Folder, "hub.db"));
        var agents = new FakeAgents(plane, host.Client);
        foreach (var node in nodes)
        {
            agents.Add(await plane.EnrolledNodeAsync(node));
        }

        await plane.ProjectAsync("shop", nodes);
        return new(plane, host, agents);
    }

    /// <summary>Starts a deployment; unless not <paramref name="quiet"/>, long enough after the last one to be dispatched at once.</summary>
    public async Task<Deployment> PushAsync(string? commit = "c", DeploymentTrigger trigger = DeploymentTrigger.Webhook, string? id = null, RollBackTarget? rollBackTo = null, bool quiet = true)
    {
        Plane.Time.Advance(quiet ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
        var project = (await Plane.Get<ProjectStore>().GetAsync("shop", default))!;
        return await Plane.Get<DeploymentStarter>().StartAsync(Client, project, new()
        {
            Id = id ?? DeploymentIds.New(Plane.Time.GetUtcNow()),
            Trigger = trigger,
            RequestedBy = "ann",
            Commit = commit is null ? null : new string(commit[0], 40),
            RollBackTo = rollBackTo,
        }, default);
    }

    /// <summary>Changes the project.</summary>
    public async Task ChangeProjectAsync(Func<Project, Project> change) => (await Plane.Get<ProjectStore>().UpdateAsync("shop", change, default)).ShouldNotBeNull();

    public async Task<Deployment> EndAsync(string id)
    {
        await Client.WaitForInstanceCompletionAsync(id, default(CancellationToken)).WaitAsync(Patience);
        return (await Store.GetAsync(id, default))!;
    }

    /// <summary>Moves the clock on, a minute at a time and only while nothing happens, until the deployment has ended; a busy machine gets real time beyond that.</summary>
    public async Task<Deployment> EndLaterAsync(string id, TimeSpan atMost)
    {
        for (var passed = TimeSpan.Zero; passed <= atMost; passed += TimeSpan.FromMinutes(1))
        {
            await QuietAsync(id);
            if ((await Client.GetInstanceAsync(id, default(CancellationToken)))!.IsCompleted)
            {
                return (await Store.GetAsync(id, default))!;
            }

            Plane.Time.Advance(TimeSpan.FromMinutes(1));
        }

        // A timer that a busy machine came to set only now waits for the clock as well.
        await AdvanceUntilAsync(async () => (await Client.GetInstanceAsync(id, default(CancellationToken)))!.IsCompleted, TimeSpan.FromMinutes(1));
        return (await Store.GetAsync(id, default))!;
    }

    /// <summary>Waits until a command of that kind has reached that node.</summary>
    public Task SentAsync(string kindAndNode) => UntilAsync(() => Task.FromResult(Agents.Kinds.Contains(kindAndNode)));

    /// <summary>Cancels as the API does.</summary>
    public async Task CancelAsync(string id)
    {
        var stop = new StopRequest(StopKind.Canceled, "ann");
        (await Store.RequestStopAsync(id, stop, default)).ShouldBeTrue();
        await Client.RaiseEventAsync(id, Turn.StopEvent, stop, default);
    }

    /// <summary>Moves the clock on until the condition holds; <paramref name="beat"/> runs at each step.</summary>
    public async Task AdvanceUntilAsync(Func<Task<bool>> condition, TimeSpan step, Func<Task>? beat = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await (beat?.Invoke() ?? Task.CompletedTask);
            await Task.Delay(20, limit.Token);
            Plane.Time.Advance(step);
        }
    }

    /// <summary>Moves the clock on, with a heartbeat of every node at each step, until the deployment has ended.</summary>
    public async Task<Deployment> EndBeatingAsync(string id, TimeSpan step, Func<Task> beat)
    {
        await AdvanceUntilAsync(async () => (await Client.GetInstanceAsync(id, default(CancellationToken)))!.IsCompleted, step, beat);
        return (await Store.GetAsync(id, default))!;
    }

    /// <summary>Waits until the orchestration has made no step for a while: what it waits for then is the clock.</summary>
    private async Task QuietAsync(string id)
    {
        for (int seen = -1, now = 0; seen != now;)
        {
            seen = now;
            await Task.Delay(100);
            now = (await Client.GetOrchestrationHistoryAsync(id)).Count;
        }
    }

    /// <summary>Waits until the condition holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await Plane.DisposeAsync();
    }

    private static void Register(DurableTaskRegistry registry, TestPlane plane, Func<DurableTaskClient> client)
    {
        registry.AddOrchestratorFunc<string>(nameof(DeployOrchestrator), DeployOrchestrator.Run);
        registry.AddOrchestratorFunc<string>(nameof(RollBackOrchestrator), RollBackOrchestrator.Run);
        registry.AddOrchestratorFunc<GroupReport>(nameof(NodeGroupOrchestrator), NodeGroupOrchestrator.Run);
        registry.AddActivityFunc<string, LaneAnswer>(nameof(EnterLaneActivity), (_, id) => plane.Make<EnterLaneActivity>().Run(id, client(), default));
        registry.AddActivityFunc<string, string?>(nameof(LeaveLaneActivity), (_, id) => plane.Make<LeaveLaneActivity>().Run(id, default));
        registry.AddActivityFunc<string, DeploymentPlan>(nameof(PlanDeploymentActivity), (_, id) => plane.Make<PlanDeploymentActivity>().Run(id, default));
        registry.AddActivityFunc<string, StopRequest?>(nameof(BeginActivationActivity), (_, id) => plane.Make<BeginActivationActivity>().Run(id, default));
        registry.AddActivityFunc<NodeRecord>(nameof(RecordNodeActivity), (_, record) => plane.Make<RecordNodeActivity>().Run(record, default));
        registry.AddActivityFunc<DeploymentEnd, StopRequest?>(nameof(FinishDeploymentActivity), (_, end) => plane.Make<FinishDeploymentActivity>().Run(end, default));
        registry.AddActivityFunc<OfflineQuestion, OfflineAnswer>(nameof(FindOfflineNodesActivity), (_, question) => plane.Make<FindOfflineNodesActivity>().Run(question, default));
        registry.AddActivityFunc<CanaryRecord>(nameof(RecordCanaryActivity), (_, record) => plane.Make<RecordCanaryActivity>().Run(record, default));
        registry.AddActivityFunc<CanaryQuestion, CanaryJudgement>(nameof(JudgeCanaryActivity), (_, question) => plane.Make<JudgeCanaryActivity>().Run(question, default));
        registry.AddActivityFunc<SendCommand>(nameof(SendConfirmActivity), (_, command) => plane.Make<SendConfirmActivity>().Run(command, default));
        registry.AddActivityFunc<SendCommand>(nameof(SendBuildActivity), (_, command) => plane.Make<SendBuildActivity>().Run(command, default));
        registry.AddActivityFunc<SendCommand>(nameof(SendActivateActivity), (_, command) => plane.Make<SendActivateActivity>().Run(command, default));
        registry.AddActivityFunc<SendCommand>(nameof(SendRollBackActivity), (_, command) => plane.Make<SendRollBackActivity>().Run(command, default));
        registry.AddActivityFunc<SendCommand>(nameof(SendCancelActivity), (_, command) => plane.Make<SendCancelActivity>().Run(command, default));
    }
}
