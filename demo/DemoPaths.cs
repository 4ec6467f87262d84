namespace VpsPilot.Demo;

/// <summary>Where the demo finds what was built and keeps what it makes; all of it under the checkout, ignored by git.</summary>
internal sealed record DemoPaths(string Root)
{
    public string ControlPlaneProgram => Path.Combine(Root, "artifacts", "functions");

    public string AgentPackages => Path.Combine(Root, "artifacts", "agent");

    public string Sample => Path.Combine(Root, "samples", "nodejs");

    public string State => Path.Combine(Root, ".vpspilot");

    public string Data => Path.Combine(State, "data");

    public string Repositories => Path.Combine(State, "git");

    public string Stack => Path.Combine(State, "stack.json");
}
