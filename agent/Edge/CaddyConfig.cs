using System.Text.Json.Nodes;
using VpsPilot.Agent.Settings;

namespace VpsPilot.Agent.Edge;

/// <summary>
/// Caddy's configuration for the projects of a node (https://caddyserver.com/docs/json/), the same text for the same projects. It names both
/// slots of each project and never which one serves: that is in files, which Caddy looks at with each request. So a switch changes no
/// configuration; loading one would close all websockets of the node in Caddy before 2.7.
/// </summary>
internal static class CaddyConfig
{
    /// <summary>Host that requests on the admin socket have to name.</summary>
    public const string AdminHost = "edge";

    public static JsonObject Render(EdgeSettings settings, IReadOnlyList<RoutedProject> projects)
    {
        var ordered = projects.OrderBy(p => p.ProjectId, StringComparer.Ordinal).ToList();
        var apps = new JsonObject
        {
            ["http"] = new JsonObject { ["http_port"] = settings.HttpPort, ["https_port"] = settings.HttpsPort, ["servers"] = Servers(settings, ordered) },
        };
        if (ordered.Any(p => p.Route.Domains.Count > 0))
            apps["tls"] = Certificates(settings);
        if (settings.InternalCertificates)
            apps["pki"] = new JsonObject { ["certificate_authorities"] = new JsonObject { ["local"] = new JsonObject { ["install_trust"] = false } } };
        return new JsonObject
        {
            ["admin"] = new JsonObject { ["listen"] = "unix/" + EdgePaths.AdminSocket, ["origins"] = new JsonArray(AdminHost), ["config"] = new JsonObject { ["persist"] = false } },
            ["storage"] = new JsonObject { ["module"] = "file_system", ["root"] = EdgePaths.State },
            ["logging"] = CaddyLogging.Render(),
            ["apps"] = apps,
        };
    }

    private static JsonObject Servers(EdgeSettings settings, List<RoutedProject> projects)
    {
        var servers = new JsonObject { ["ask"] = AskServer(projects) };
        var withDomains = projects.Where(p => p.Route.Domains.Count > 0).ToList();
        if (withDomains.Count > 0)
        {
            // Redirects are routes of ours: Caddy's own would come for every domain, also for one that is to be served over HTTP too.
            servers["https"] = Server($":{settings.HttpsPort}", withDomains.Select(p => OnHosts(p, CaddyRoutes.Of(p))), CaddyLogging.ByHost(withDomains), new JsonObject { ["disable_redirects"] = true });
            servers["http"] = Server(
                $":{settings.HttpPort}",
                withDomains.Select(p => OnHosts(p, p.Route.HttpsRedirect ? [CaddyRoutes.ToHttps(settings.HttpsPort)] : CaddyRoutes.Of(p))), CaddyLogging.ByHost(withDomains), new JsonObject { ["disable"] = true });
        }

        foreach (var project in projects)
        {
            var addresses = new List<string>();
            if (project.Route.Port is { } port)
                addresses.Add($":{port}");
            else if (project is { FrontPort: { } front, Route.Domains.Count: 0 })
                addresses.Add($"127.0.0.1:{front}");
            foreach (var address in addresses)
                servers[$"port-{project.ProjectId}"] = Server(address, [new JsonObject { ["handle"] = CaddyRoutes.Handlers(CaddyRoutes.Of(project)) }], CaddyLogging.Always(project), new JsonObject { ["disable"] = true });
        }

        return servers;
    }

    private static JsonObject Server(string address, IEnumerable<JsonObject> routes, JsonObject logs, JsonObject automaticHttps) => new()
    {
        ["listen"] = new JsonArray(address),
        ["read_header_timeout"] = "30s",
        ["max_header_bytes"] = 65536,
        ["automatic_https"] = automaticHttps,
        ["logs"] = logs,
        ["routes"] = new JsonArray([.. routes]),
    };

    /// <summary>Here the project's id is the host, and the answer says which port it came from.</summary>
    private static JsonObject AskServer(List<RoutedProject> projects) => new()
    {
        ["listen"] = new JsonArray("unix/" + EdgePaths.AskSocket),
        ["automatic_https"] = new JsonObject { ["disable"] = true },
        ["routes"] = new JsonArray(
        [
            .. projects.Select(p => new JsonObject
            {
                ["match"] = new JsonArray(new JsonObject { ["host"] = new JsonArray(p.ProjectId) }),
                ["handle"] = CaddyRoutes.Handlers([CaddyRoutes.NamePort(), .. CaddyRoutes.Of(p)]),
                ["terminal"] = true,
            }),
        ]),
    };

    private static JsonObject OnHosts(RoutedProject project, IEnumerable<JsonObject> routes) => new()
    {
        ["match"] = new JsonArray(new JsonObject { ["host"] = new JsonArray([.. project.Route.Domains.Select(d => JsonValue.Create(d))]) }),
        ["handle"] = CaddyRoutes.Handlers(routes),
        ["terminal"] = true,
    };

    private static JsonObject Certificates(EdgeSettings settings)
    {
        var issuer = new JsonObject { ["module"] = settings.InternalCertificates ? "internal" : "acme" };
        if (!settings.InternalCertificates && settings.AcmeEmail is { } email)
            issuer["email"] = email;
        if (!settings.InternalCertificates && settings.AcmeCa is { } authority)
            issuer["ca"] = authority;
        // Without a wish of the site, Caddy's defaults hold: two authorities, one for the other.
        var isDefault = settings is { InternalCertificates: false, AcmeEmail: null, AcmeCa: null };
        return isDefault ? [] : new JsonObject { ["automation"] = new JsonObject { ["policies"] = new JsonArray(new JsonObject { ["issuers"] = new JsonArray(issuer) }) } };
    }
}
