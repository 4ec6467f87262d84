using System.Text.Json.Nodes;

namespace VpsPilot.Agent.Edge;

/// <summary>The routes that lead a request of one project to the slot that has the traffic.</summary>
internal static class CaddyRoutes
{
    /// <summary>Header of answers on the asking socket: the port of the slot that answered.</summary>
    public const string PortHeader = "X-Vpspilot-Port";

    private const string UpstreamPort = "{http.reverse_proxy.upstream.port}";

    public static IEnumerable<JsonObject> Of(RoutedProject project)
    {
        var folder = project.Switch;
        if (project.Route.MaxBody is { } most)
        {
            // What says that it is too large is refused before the app hears of it; what does not is cut off.
            yield return Last(new JsonObject { ["expression"] = $"{{http.request.header.Content-Length}} != '' && int({{http.request.header.Content-Length}}) > {most}" }, new JsonObject { ["handler"] = "static_response", ["status_code"] = 413 });
            yield return Route(null, new JsonObject { ["handler"] = "request_body", ["max_size"] = most });
        }

        yield return Route(null, NoteUpstream(project));
        // In place, while the app is restarted: requests wait for the new process.
        yield return Last(IfFile(folder, EdgeSwitch.HoldFile), Proxy(project.Port, "60s"));
        if (project.GreenPort is { } green)
        {
            yield return Last(IfFile(folder, EdgeSwitch.SplitFile), Split(project, green));
            yield return Last(IfFile(folder, EdgeSwitch.GreenFile), Proxy(green));
        }

        yield return Last(null, Proxy(project.Port));
    }

    /// <summary>The handlers of a route that runs routes one after the other.</summary>
    public static JsonArray Handlers(IEnumerable<JsonObject> routes) =>
        new(Subroute(routes));

    public static JsonObject ToHttps(int port) => Route(null, new JsonObject
    {
        ["handler"] = "static_response",
        ["status_code"] = 308,
        ["headers"] = new JsonObject { ["Location"] = new JsonArray("https://{http.request.host}" + (port == 443 ? "" : $":{port}") + "{http.request.uri}") },
    });

    public static JsonObject NamePort() => Route(null, new JsonObject
    {
        ["handler"] = "headers",
        ["response"] = new JsonObject { ["deferred"] = true, ["set"] = new JsonObject { [PortHeader] = new JsonArray(UpstreamPort) } },
    });

    /// <summary>
    /// Lets the log of answers name the port that answered. The log has no field for the upstream, but one for the user, which is asked for
    /// only when the line is written; edges that log users in are not ours.
    /// </summary>
    private static JsonObject NoteUpstream(RoutedProject project)
    {
        var ports = new[] { project.Port, project.GreenPort }.OfType<int>();
        return new()
        {
            ["handler"] = "map",
            ["source"] = UpstreamPort,
            ["destinations"] = new JsonArray("{http.auth.user.id}"),
            ["mappings"] = new JsonArray([.. ports.Select(p => new JsonObject { ["input"] = $"{p}", ["outputs"] = new JsonArray($"{p}") })]),
            ["defaults"] = new JsonArray(""),
        };
    }

    /// <summary>The last byte of the request's random id chooses: there is a file for each value that goes to the green slot.</summary>
    private static JsonObject Split(RoutedProject project, int green) => Subroute(Route(
        new JsonObject { ["vars_regexp"] = new JsonObject { ["{http.request.uuid}"] = new JsonObject { ["name"] = "share", ["pattern"] = "([0-9a-f]{2})$" } } },
        Subroute(
            Last(IfFile(project.Switch, EdgeSwitch.SharesFolder + "/{http.regexp.share.1}"), Proxy(green)),
            Last(null, Proxy(project.Port)))));

    /// <summary>
    /// A proxy to a loopback port. It waits a moment for a port where nobody listens, so that an app's quick restart is not seen. Idle
    /// connections are let go before common servers do: Node.js closes them after 5 s, and a request must not meet that.
    /// </summary>
    private static JsonObject Proxy(int port, string patience = "2s") => new()
    {
        ["handler"] = "reverse_proxy",
        ["upstreams"] = new JsonArray(new JsonObject { ["dial"] = $"127.0.0.1:{port}" }),
        ["load_balancing"] = new JsonObject { ["try_duration"] = patience, ["try_interval"] = "50ms" },
        ["transport"] = new JsonObject { ["protocol"] = "http", ["keep_alive"] = new JsonObject { ["idle_timeout"] = "3s", ["max_idle_conns_per_host"] = 64 } },
    };

    private static JsonObject IfFile(string folder, string name) => new() { ["file"] = new JsonObject { ["root"] = folder, ["try_files"] = new JsonArray("/" + name) } };

    private static JsonObject Subroute(params IEnumerable<JsonObject> routes) => new() { ["handler"] = "subroute", ["routes"] = new JsonArray([.. routes]) };

    private static JsonObject Last(JsonObject? match, JsonObject handler)
    {
        var route = Route(match, handler);
        route["terminal"] = true;
        return route;
    }

    private static JsonObject Route(JsonObject? match, JsonObject handler)
    {
        var route = new JsonObject();
        if (match is not null)
            route["match"] = new JsonArray(match);
        route["handle"] = new JsonArray(handler);
        return route;
    }
}
