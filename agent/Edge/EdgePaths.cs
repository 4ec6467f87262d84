namespace VpsPilot.Agent.Edge;

/// <summary>Where the edge's process keeps its own things. systemd makes the folders, for the edge's user alone.</summary>
internal static class EdgePaths
{
    public const string Unit = "vpspilot-edge.service";

    public const string User = "vpspilot-edge";

    private const string Runtime = "/run/vpspilot-edge";

    /// <summary>Certificates and keys.</summary>
    public const string State = "/var/lib/vpspilot-edge";

    /// <summary>Socket of Caddy's admin API.</summary>
    public const string AdminSocket = Runtime + "/admin.sock";

    /// <summary>Socket on which the agent asks through the edge which slot of a project answers.</summary>
    public const string AskSocket = Runtime + "/ask.sock";

    /// <summary>One line for each answer: when, how long, status, project, port. Nothing of the request.</summary>
    public const string AnswerLog = State + "/answers.log";
}
