using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace VpsPilot.Functions.Tests.Api;

/// <summary>Lists that are short by their nature: whole, and in pages for whoever asks for pages.</summary>
public sealed class ShortListTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task They_are_whole_and_a_limit_makes_pages_of_them()
    {
        await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "short-1" })).ShouldBeAsync(HttpStatusCode.Created);
        await server.ProjectAsync("short", "short-1");
        foreach (var name in (string[])["A", "B", "C"])
        {
            await server.Admin.PutAsync($"api/projects/short/env/{name}", JsonContent.Create(new { value = "value" })).ShouldBeAsync(HttpStatusCode.NoContent);
        }

        var whole = await server.Admin.GetAsync("api/projects/short/env").JsonAsync();
        (Names(whole), (string?)whole["nextCursor"]).ShouldBe(("A B C", null));
        var first = await server.Admin.GetAsync("api/projects/short/env?limit=2").JsonAsync();
        Names(first).ShouldBe("A B");
        var second = await server.Admin.GetAsync($"api/projects/short/env?limit=2&cursor={first["nextCursor"]}").JsonAsync();
        (Names(second), (string?)second["nextCursor"]).ShouldBe(("C", null));
        await server.Admin.GetAsync("api/projects/short/env?limit=0").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await server.Admin.GetAsync("api/projects/short/env?cursor=eA").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    private static string Names(JsonNode page) => string.Join(' ', page["items"]!.AsArray().Select(i => (string)i!["name"]!));
}
