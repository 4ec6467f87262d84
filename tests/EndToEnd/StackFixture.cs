using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.EndToEnd.Tests;

/// <summary>One stack for all tests of the collection: each test uses a project of its own.</summary>
public sealed class StackFixture : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("vpspilot-e2e-").FullName;
    private LocalStack? stack;

    public LocalStack Stack => stack ?? throw new InvalidOperationException("The stack did not start.");

    /// <summary>Everything that the control plane keeps.</summary>
    public string DataDirectory => Path.Combine(folder, "data");

    public static string Root { get; } = FindRoot();

    public static string Sample(string name) => Path.Combine(Root, "samples", name);

    public async Task InitializeAsync()
    {
        if (!TestVps.Available)
        {
            return; // Every test of the collection is a VpsFact and is skipped by name.
        }

        var options = ControlPlaneOptions.OnFreePorts(Path.Combine(Root, "artifacts", "functions"), Path.Combine(folder, "data")) with
        {
            AgentPackages = Path.Combine(Root, "artifacts", "agent"),
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        stack = await LocalStack.StartAsync("e2e", options, Path.Combine(folder, "git"), _ => { }, ct: limit.Token);
    }

    public async Task DisposeAsync()
    {
        if (stack is not null)
        {
            await stack.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static string FindRoot()
    {
        var candidate = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(candidate.FullName, "VpsPilot.Serverless.sln")))
        {
            candidate = candidate.Parent ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
        }

        return candidate.FullName;
    }
}

[CollectionDefinition(Name)]
public sealed class StackCollection : ICollectionFixture<StackFixture>
{
    public const string Name = "stack";
}
