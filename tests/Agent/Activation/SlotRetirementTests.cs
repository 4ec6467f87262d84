using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Agent.Activation.Slots;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Releases;

namespace VpsPilot.Agent.Tests.Activation;

public sealed class SlotRetirementTests : IDisposable
{
    private readonly AgentFolder folder = new();

    [Fact]
    public async Task One_project_that_cannot_be_read_does_not_end_the_service()
    {
        Directory.CreateDirectory(folder.Paths.Releases("p"));
        await File.WriteAllTextAsync(Path.Combine(folder.Paths.Project("p"), "project.json"), "{");
        using var service = new SlotRetirement(new ReleaseStore(folder.Paths), null!, null!, new ProjectLocks(), TimeProvider.System, NullLogger<SlotRetirement>.Instance);
        await service.StartAsync(default);
        await Task.Delay(200);
        service.ExecuteTask.ShouldNotBeNull().IsCompleted.ShouldBeFalse();
        await service.StopAsync(default);
    }

    public void Dispose() => folder.Dispose();
}
