namespace VpsPilot.Agent.Tests.Vps;

/// <summary>A real VPS whose agent has an edge. It shares this machine's network, so tests ask the edge as clients do.</summary>
public class EdgeNode : AgentNode
{
    public int HttpPort { get; } = HttpStub.FreePort();

    public int HttpsPort { get; } = HttpStub.FreePort();

    protected override string Settings => $$"""
        "edge": { "httpPort": {{HttpPort}}, "httpsPort": {{HttpsPort}}, "internalCertificates": true },
        """;

    /// <summary>An app behind the edge on a plain port.</summary>
    internal async Task<AppUnderTest> CreateEdgeAppAsync(string project, string deployment = "", string more = "")
    {
        var app = await CreateAppAsync(project);
        app.Config = $$"""
            {
              "type": "nodejs", "runtime": { "node": "20" }, "build": { "commands": ["true"] }, "start": { "command": "node server.js" },
              "edge": { "port": {{app.EdgePort}} }, {{more}}
              "deployment": { {{deployment}} "health_check": { "interval": "200ms", "retries": 25 }, "watch": "1s", "grace": "1s", "drain": "20s" }
            }
            """;
        await app.CommitAsync("1");
        return app;
    }
}

[CollectionDefinition(Name)]
public sealed class EdgeNodeCollection : ICollectionFixture<EdgeNode>
{
    public const string Name = "edge node";
}
