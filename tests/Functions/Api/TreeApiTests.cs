using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using VpsPilot.Contracts.Commands;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>Compiled trees over HTTP: who may send and take them, and how they go on after a break.</summary>
public sealed class TreeApiTests(TreeApiTests.Server fixture) : IClassFixture<TreeApiTests.Server>
{
    private static readonly byte[] Archive = Encoding.UTF8.GetBytes("an archive of what was compiled");
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Archive));

    private readonly ApiServer server = fixture.Api;

    [Fact]
    public async Task An_archive_is_sent_in_parts_resumed_where_the_server_is_and_taken_by_the_other_nodes()
    {
        await using var builder = await server.AgentAsync("tree-a1");
        await using var other = await server.AgentAsync("tree-a2");
        var (id, finish) = await DeployAsync("tree-a", builder, other);

        ((long)(await builder.PutTreeAsync(id, Sha256, 0, Archive[..10], Archive.Length).JsonAsync())["offset"]!).ShouldBe(10);
        var conflict = await builder.PutTreeAsync(id, Sha256, 0, Archive[..10], Archive.Length).JsonAsync(HttpStatusCode.Conflict);
        ((string)conflict["code"]!).ShouldBe("tree-offset");
        ((long)conflict["offset"]!).ShouldBe(10);
        ((long)(await builder.PutTreeAsync(id, Sha256, 10, Archive[10..], Archive.Length).JsonAsync())["offset"]!).ShouldBe(Archive.Length);

        (await BytesAsync(other.GetTreeAsync(id, Sha256))).ShouldBe(Archive);
        (await BytesAsync(other.GetTreeAsync(id, Sha256, 20))).ShouldBe(Archive[20..]);
        (await BytesAsync(builder.GetTreeAsync(id, Sha256))).ShouldBe(Archive);

        await finish();
        await other.GetTreeAsync(id, Sha256).ShouldBeProblemAsync(HttpStatusCode.NotFound, "deployment-not-found");
        await builder.PutTreeAsync(id, Sha256, 0, Archive, Archive.Length).ShouldBeProblemAsync(HttpStatusCode.NotFound, "deployment-not-found");
        await ApiServer.UntilAsync(() => Task.FromResult(!Directory.Exists(Path.Combine(server.DataDirectory, "logs/trees", id))));
    }

    [Fact]
    public async Task Only_nodes_of_the_deployment_see_its_trees_and_only_the_one_that_was_asked_sends_one()
    {
        await using var builder = await server.AgentAsync("tree-b1");
        await using var other = await server.AgentAsync("tree-b2");
        await using var stranger = await server.AgentAsync("tree-b3");
        var (id, finish) = await DeployAsync("tree-b", builder, other);
        await builder.PutTreeAsync(id, Sha256, 0, Archive, Archive.Length).JsonAsync();

        await stranger.GetTreeAsync(id, Sha256).ShouldBeProblemAsync(HttpStatusCode.NotFound, "deployment-not-found");
        await stranger.PutTreeAsync(id, Sha256, 0, Archive, Archive.Length).ShouldBeProblemAsync(HttpStatusCode.NotFound, "deployment-not-found");
        await other.PutTreeAsync(id, Sha256, 0, Archive, Archive.Length).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "tree-not-expected");
        await server.Admin.GetAsync($"api/agent/deployments/{id}/trees/{Sha256}?offset=0").ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        await server.Anonymous.PutAsync($"api/agent/deployments/{id}/trees/{Sha256}?offset=0&length=1", new ByteArrayContent([1])).ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");

        (await BytesAsync(other.GetTreeAsync(id, Sha256))).ShouldBe(Archive);
        await finish();
    }

    [Fact]
    public async Task What_is_no_checksum_is_refused_and_one_that_nobody_sent_is_not_found()
    {
        await using var builder = await server.AgentAsync("tree-c1");
        await using var other = await server.AgentAsync("tree-c2");
        var (id, finish) = await DeployAsync("tree-c", builder, other);

        await other.GetTreeAsync(id, Sha256).ShouldBeProblemAsync(HttpStatusCode.NotFound, "tree-not-found");
        await other.GetTreeAsync(id, new string('A', 64)).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await other.GetTreeAsync(id, Sha256, -1).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        var wrong = await builder.PutTreeAsync(id, "none", -1, Archive, 0).JsonAsync(HttpStatusCode.BadRequest);
        wrong["errors"]!.AsArray().Select(e => (string)e!["path"]!).ShouldBe(["sha256", "offset", "length"]);
        await finish();
    }

    [Fact]
    public async Task A_node_has_one_archive_another_one_begins_anew()
    {
        await using var builder = await server.AgentAsync("tree-d1");
        await using var other = await server.AgentAsync("tree-d2");
        var (id, finish) = await DeployAsync("tree-d", builder, other);
        var first = new string('1', 64);

        await builder.PutTreeAsync(id, first, 0, [1, 2, 3], 6).JsonAsync();
        var conflict = await builder.PutTreeAsync(id, Sha256, 3, Archive[3..], Archive.Length).JsonAsync(HttpStatusCode.Conflict);
        ((long)conflict["offset"]!).ShouldBe(0);
        await builder.PutTreeAsync(id, Sha256, 0, Archive, Archive.Length).JsonAsync();

        await other.GetTreeAsync(id, first).ShouldBeProblemAsync(HttpStatusCode.NotFound, "tree-not-found");
        (await BytesAsync(other.GetTreeAsync(id, Sha256))).ShouldBe(Archive);
        await finish();
    }

    [Fact]
    public async Task An_archive_above_the_limit_is_refused_before_a_byte_of_it_is_kept()
    {
        await using var builder = await server.AgentAsync("tree-e1");
        await using var other = await server.AgentAsync("tree-e2");
        var (id, finish) = await DeployAsync("tree-e", builder, other);

        var problem = await builder.PutTreeAsync(id, Sha256, 0, Archive, (1 << 20) + 1).JsonAsync(HttpStatusCode.RequestEntityTooLarge);
        ((string)problem["code"]!).ShouldBe("tree-too-large");
        ((string)problem["detail"]!).ShouldContain("Deployments:MaxTreeMegabytes");
        await builder.PutTreeAsync(id, Sha256, 1 << 20, Archive, 1 << 20).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "tree-too-large");
        await builder.PutTreeAsync(id, Sha256, 0, new byte[(4 << 20) + 1], 5).ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");

        await other.GetTreeAsync(id, Sha256).ShouldBeProblemAsync(HttpStatusCode.NotFound, "tree-not-found");
        await finish();
    }

    /// <summary>A deployment to two nodes of which one has been told to build and share; the way to its end.</summary>
    private async Task<(string Id, Func<Task> Finish)> DeployAsync(string project, SimulatedAgent builder, SimulatedAgent other)
    {
        var created = await server.Admin.PostAsync("api/projects", JsonContent.Create(new { id = project, repository = "/srv/git/app.git", nodes = new[] { builder.NodeId, other.NodeId }, buildOnce = true })).JsonAsync(HttpStatusCode.Created);
        ((bool)created["buildOnce"]!).ShouldBeTrue();
        CommandEnvelope? build = null;
        builder.Answer = c =>
        {
            if (c.Body is not BuildCommand)
            {
                return SimulatedAgent.Succeed(c);
            }

            build = c;
            return null;
        };
        var id = (string)(await server.Admin.PostAsync($"api/projects/{project}/deployments", JsonContent.Create(new { commit = TestData.Commit })).JsonAsync(HttpStatusCode.Accepted))["id"]!;
        await ApiServer.UntilAsync(() => Task.FromResult(build is not null));
        build!.Body.ShouldBeOfType<BuildCommand>().ShareTree.ShouldBeTrue();
        return (id, FinishAsync);

        async Task FinishAsync()
        {
            await builder.SendAsync(build, SimulatedAgent.Succeed(build));
            ((string)(await server.EndAsync(id))["status"]!).ShouldBe("succeeded");
        }
    }

    private static async Task<byte[]> BytesAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>A control plane that takes little.</summary>
    public sealed class Server : IAsyncLifetime
    {
        internal ApiServer Api { get; } = new() { Settings = ["--Deployments:MaxTreeMegabytes=1"] };

        public Task InitializeAsync() => Api.InitializeAsync();

        public async Task DisposeAsync()
        {
            await Api.DisposeAsync();
            Api.Dispose();
        }
    }
}
