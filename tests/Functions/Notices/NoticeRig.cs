using VpsPilot.Contracts;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Notices;
using VpsPilot.Functions.Notices.Channels;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Tests.Notices;

/// <summary>A control plane with one project, whose pump runs when the test says so.</summary>
public sealed class NoticeRig : IAsyncDisposable
{
    public const string Project = "shop";

    private static readonly NoticeKind[] All = [.. Enum.GetValues<NoticeKind>()];

    public NoticeRig(params (string Key, string Value)[] settings) => Plane = new TestPlane([("PublicUrl", "https://pilot.example.com/"), .. settings]);

    public TestPlane Plane { get; }

    public async Task<NoticeRig> WithProjectAsync()
    {
        await Plane.ProjectAsync(Project, "web-1");
        await Plane.Get<ProjectStore>().UpdateAsync(Project, p => p with { Repository = "https://github.com/acme/shop.git" }, default);
        return this;
    }

    internal Task ChannelAsync(string name, ChannelKind kind, string? url = null, string? project = null, IReadOnlyList<NoticeKind>? events = null, EmailSettings? email = null, string? password = null) =>
        Plane.Get<ChannelStore>().SetAsync(new NoticeChannel { Name = name, ProjectId = project, Kind = kind, Events = events ?? All, Email = email, UpdatedAt = TestPlane.Start }, new(url, "a-signing-secret", password), "test", default);

    /// <summary>A deployment that began and ends in a status.</summary>
    internal async Task<Deployment> EndAsync(DeploymentStatus status, string summary = "It is so.")
    {
        Plane.Time.Advance(TimeSpan.FromSeconds(1));
        var begun = await BeginAsync();
        var store = Plane.Get<DeploymentStore>();
        return await store.UpdateAsync(begun.Id, d => d with { Status = status, Summary = summary, FinishedAt = Plane.Time.GetUtcNow(), Failure = status == DeploymentStatus.Failed ? new Failure("build", FailureKind.Exit, "no") : null }, default);
    }

    internal async Task<Deployment> BeginAsync()
    {
        var store = Plane.Get<DeploymentStore>();
        var deployment = Plane.Deployment(Project, DeploymentTrigger.Api, "web-1") with { Commit = TestData.Commit };
        await store.InsertAsync(deployment, default);
        await store.ListInProjectAsync(deployment, default);
        return await store.UpdateAsync(deployment.Id, d => d with { Status = DeploymentStatus.Building, StartedAt = Plane.Time.GetUtcNow() }, default);
    }

    public Task PumpAsync() => Plane.Get<OutboxPump>().DrainAsync(default);

    internal Task<ChannelState> StateAsync(string name, string? project = null) => Plane.Get<ChannelStore>().StateOfAsync(project, name, default);

    public ValueTask DisposeAsync() => Plane.DisposeAsync();
}
