using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using VpsPilot.Embedded.DurableTask.Testing;

namespace VpsPilot.Embedded.DurableTask.Tests.Scenarios;

/// <summary>What the client refuses, in the words of the public package.</summary>
public sealed class ArgumentTests : IAsyncLifetime
{
    private DurableTaskTestHost host = null!;

    public async Task InitializeAsync() => host = await DurableTaskTestHost.StartAsync(r => r.AddOrchestratorFunc("Empty", _ => { }));

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_status_for_deduplication_that_there_is_not() =>
        (await Should.ThrowAsync<ArgumentException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Empty", null, new StartOrchestrationOptions("id") { DedupeStatuses = ["InvalidStatus"] })))
            .Message.ShouldContain("Invalid orchestration runtime status: 'InvalidStatus' for deduplication.");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_time_limit_of_a_purge_that_is_not_positive(int seconds) =>
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(() => host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter { Timeout = TimeSpan.FromSeconds(seconds) })))
            .Message.ShouldContain("must be a positive TimeSpan");

    [Fact]
    public async Task A_purge_without_a_filter() => await Should.ThrowAsync<ArgumentNullException>(() => host.Client.PurgeAllInstancesAsync(null!));
}
