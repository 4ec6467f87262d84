using VpsPilot.Testbed.Stack;

namespace VpsPilot.Demo;

/// <summary>The stack of the demo: fixed names and ports, so that what is printed stays true.</summary>
internal static class DemoStack
{
    public const string VpsName = "demo";
    public const string Project = "hello-node";

    public static async Task<(LocalStack Stack, AppRepository App)> StartAsync(DemoPaths paths, Timeline timeline, CancellationToken ct)
    {
        var options = new ControlPlaneOptions(paths.ControlPlaneProgram, paths.Data, HttpPort: 7071, QueuePort: 5672) { AgentPackages = paths.AgentPackages };
        var stack = await LocalStack.StartAsync(VpsName, options, paths.Repositories, timeline.Say, standing: true, ct: ct);
        try
        {
            await StandingStack.RecordAsync(paths, stack, ct);
            var app = await stack.CreateProjectAsync(Project, paths.Sample, ct);
            timeline.Say($"project {Project} is connected to {stack.Git.UrlOf(Project)}");
            return (stack, app);
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }
}
