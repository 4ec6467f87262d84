using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Completion;

namespace VpsPilot.Cli.Secrets;

/// <summary>Where a secret value holds: the whole project, one environment, one node.</summary>
internal sealed class SecretScopeOptions
{
    public Option<string?> Environment { get; } = new("--environment") { Description = "Only where the project has this environment", HelpName = "NAME" };

    public Option<string?> Node { get; } = new Option<string?>("--node") { Description = "Only on this node", HelpName = "NODE" }.CompletedBy("api/nodes");

    /// <summary>The path of a value.</summary>
    public string Route(Session session, string project, string name, bool restart = false) =>
        Api.Route.To($"api/projects/{project}/env/{name}").With(("environment", session.Get(Environment)), ("node", session.Get(Node)), ("restart", restart ? "true" : null));
}
