using System.Text.Json.Nodes;

namespace VpsPilot.Agent.Edge;

/// <summary>What Caddy logs: its own warnings to the journal, and one short line for each answer, by which the share of errors is counted.</summary>
internal static class CaddyLogging
{
    /// <summary>Logger of a project's answers is this, a dot, and the project's id.</summary>
    public const string Logger = "http.log.access";

    public static JsonObject Render() => new()
    {
        ["logs"] = new JsonObject
        {
            ["default"] = new JsonObject { ["level"] = "WARN", ["exclude"] = new JsonArray(Logger, "http.log.error") },
            ["answers"] = new JsonObject
            {
                ["include"] = new JsonArray(Logger),
                ["writer"] = new JsonObject { ["output"] = "file", ["filename"] = EdgePaths.AnswerLog, ["roll_size_mb"] = 16, ["roll_keep"] = 1, ["roll_gzip"] = false },
                ["encoder"] = new JsonObject
                {
                    ["format"] = "filter",
                    ["wrap"] = new JsonObject { ["format"] = "json" },
                    ["fields"] = new JsonObject { ["request"] = Delete(), ["resp_headers"] = Delete(), ["size"] = Delete(), ["bytes_read"] = Delete() },
                },
            },
        },
    };

    /// <summary>For a server of one project.</summary>
    public static JsonObject Always(RoutedProject project) => new() { ["default_logger_name"] = project.ProjectId };

    /// <summary>For a server that is shared: by the host asked for.</summary>
    public static JsonObject ByHost(IEnumerable<RoutedProject> projects)
    {
        var names = new JsonObject();
        foreach (var project in projects)
        {
            foreach (var domain in project.Route.Domains)
                names[domain] = project.ProjectId;
        }

        return new() { ["logger_names"] = names, ["skip_unmapped_hosts"] = true };
    }

    private static JsonObject Delete() => new() { ["filter"] = "delete" };
}
