using System.Net;
using System.Net.Http.Json;
using System.Text;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Idempotency;

namespace VpsPilot.Functions.Tests.Api;

public sealed class IdempotencyTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task The_same_key_and_body_have_one_effect_and_one_answer_secrets_and_all()
    {
        var first = await SendAsync("api/nodes", "k1", """{"name":"idem-1"}""").JsonAsync(HttpStatusCode.Created);
        var second = await SendAsync("api/nodes", "k1", """{"name":"idem-1"}""").JsonAsync(HttpStatusCode.Created);

        second.ToJsonString().ShouldBe(first.ToJsonString());
        foreach (var file in Directory.EnumerateFiles(server.DataDirectory, "state.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            (await reader.ReadToEndAsync()).ShouldNotContain((string)first["enrollmentToken"]!);
        }
    }

    [Fact]
    public async Task The_replay_says_so_and_keeps_the_location()
    {
        await SendAsync("api/nodes", "k-loc", """{"name":"idem-loc"}""").ShouldBeAsync(HttpStatusCode.Created);

        using var again = await SendAsync("api/nodes", "k-loc", """{"name":"idem-loc"}""");

        again.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        again.Headers.Location!.ToString().ShouldBe("/api/nodes/idem-loc");
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        await SendAsync("api/nodes", "k2", """{"name":"idem-2"}""").ShouldBeAsync(HttpStatusCode.Created);

        await SendAsync("api/nodes", "k2", """{"name":"idem-3"}""").ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        await server.Admin.GetAsync("api/nodes/idem-3").ShouldBeAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_request_that_failed_may_be_tried_again_under_its_key()
    {
        await SendAsync("api/projects", "k4", """{"id":"idem-shop","repository":"/srv/a.git","nodes":["idem-4"]}""").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await server.Admin.PostAsync("api/nodes", JsonContent.Create(new { name = "idem-4" })).ShouldBeAsync(HttpStatusCode.Created);

        await SendAsync("api/projects", "k4", """{"id":"idem-shop","repository":"/srv/a.git","nodes":["idem-4"]}""").ShouldBeAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Of_many_at_once_one_has_the_effect()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync("api/nodes", "k5", """{"name":"idem-5"}""")));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBeGreaterThan(0);
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created || a.StatusCode == HttpStatusCode.Conflict);
        foreach (var conflict in answers.Where(a => a.StatusCode == HttpStatusCode.Conflict))
        {
            (await conflict.Content.ReadAsStringAsync()).ShouldContain("idempotency-in-progress");
        }
    }

    [Fact]
    public async Task Keys_of_different_callers_and_paths_are_different_keys()
    {
        var token = await server.Admin.PostAsync("api/tokens", JsonContent.Create(new { name = "other", role = "admin" })).JsonAsync(HttpStatusCode.Created);
        using var other = server.WithToken((string)token["token"]!);
        await SendAsync("api/nodes", "k6", """{"name":"idem-6"}""").ShouldBeAsync(HttpStatusCode.Created);

        await SendAsync("api/nodes", "k6", """{"name":"idem-7"}""", other).ShouldBeAsync(HttpStatusCode.Created);
        await SendAsync("api/tokens", "k6", """{"name":"x","role":"viewer"}""").ShouldBeAsync(HttpStatusCode.Created);
        await SendAsync("api/nodes", new string('k', 256), "{}").ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task A_request_whose_process_went_away_is_taken_over_and_old_ones_are_forgotten()
    {
        await using var plane = new TestPlane();
        var store = plane.Get<IdempotencyStore>();
        var key = IdempotencyStore.KeyOf(new Caller("t", "n", Role.Admin), "POST", "/api/nodes", "k");
        (await store.BeginAsync(key, "hash", default)).Mine.ShouldNotBeNull();
        var (mine, earlier) = await store.BeginAsync(key, "hash", default);

        mine.ShouldBeNull();
        var taken = await store.TakeOverAsync(key, earlier!, default);
        taken.ShouldNotBeNull();
        (await store.TakeOverAsync(key, earlier!, default)).ShouldBeNull();

        plane.Time.Advance(TimeSpan.FromDays(1));
        await store.PurgeAsync(default);
        (await store.BeginAsync(key, "other", default)).Mine.ShouldNotBeNull();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string key, string body, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return await (client ?? server.Admin).SendAsync(request);
    }
}
