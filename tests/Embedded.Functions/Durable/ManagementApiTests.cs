using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using VpsPilot.Embedded.Functions.Tests.Sample;

namespace VpsPilot.Embedded.Functions.Tests.Durable;

public sealed class ManagementApiTests(SampleApp app) : IClassFixture<SampleApp>
{
    private const string Base = "runtime/webhooks/durabletask/instances";

    private const string Orchestrators = "runtime/webhooks/durabletask/orchestrators";

    private string Code => $"code={app.Key("system")}";

    [Fact]
    public async Task A_started_orchestration_is_followed_through_the_addresses_of_the_answer()
    {
        using var started = await app.Http.PostAsync("app/hello/wait", null);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        started.Headers.Location.ShouldNotBeNull();
        started.Headers.RetryAfter.ShouldNotBeNull();
        var addresses = (await started.Content.ReadFromJsonAsync<JsonObject>())!;
        string At(string name) => (string)addresses[name]!;

        using var running = await app.Http.GetAsync(At("statusQueryGetUri"));
        running.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        running.Headers.Location.ShouldNotBeNull();

        using var raised = await app.Http.PostAsJsonAsync(At("sendEventPostUri").Replace("{eventName}", "more"), " And more.");
        raised.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var ended = await EndAsync(At("statusQueryGetUri") + "&showHistory=true&showHistoryOutput=true");
        ((string)ended["runtimeStatus"]!).ShouldBe("Completed");
        ((string)ended["output"]!).ShouldBe("Hello wait! And more.");
        ((string)ended["input"]!).ShouldBe("wait");
        ((string)ended["name"]!).ShouldBe("Hello");
        ended["historyEvents"]!.AsArray().Select(e => (string)e!["EventType"]!).ShouldContain("TaskScheduled");

        (await PostAsync(At("terminatePostUri"))).ShouldBe(HttpStatusCode.Gone);
        (await PostAsync(At("restartPostUri"))).ShouldBe(HttpStatusCode.Accepted);
        (await app.Http.DeleteAsync(At("purgeHistoryDeleteUri"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Http.GetAsync(At("statusQueryGetUri"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_instance_is_suspended_resumed_and_terminated()
    {
        using var started = await app.Http.PostAsync("app/hello/wait", null);
        var addresses = (await started.Content.ReadFromJsonAsync<JsonObject>())!;
        var status = (string)addresses["statusQueryGetUri"]!;

        (await PostAsync(((string)addresses["suspendPostUri"]!).Replace("{text}", "lunch"))).ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync(status, "Suspended");
        (await PostAsync(((string)addresses["resumePostUri"]!).Replace("{text}", "back"))).ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync(status, "Running");
        (await PostAsync(((string)addresses["terminatePostUri"]!).Replace("{text}", "enough"))).ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync(status, "Terminated");
    }

    [Fact]
    public async Task Instances_are_listed_in_pages_with_a_continuation_token()
    {
        for (var i = 0; i < 3; i++)
        {
            await app.Http.PostAsync("app/hello/listed", null);
        }

        using var first = await app.Http.GetAsync($"{Base}?top=2&{Code}");
        (await first.Content.ReadFromJsonAsync<JsonArray>())!.Count.ShouldBe(2);
        var token = first.Headers.GetValues("x-ms-continuation-token").Single();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Base}?top=100&{Code}");
        request.Headers.Add("x-ms-continuation-token", token);
        using var second = await app.Http.SendAsync(request);

        (await second.Content.ReadFromJsonAsync<JsonArray>())!.Count.ShouldBeGreaterThanOrEqualTo(1);
        second.Headers.Contains("x-ms-continuation-token").ShouldBeFalse();
    }

    [Fact]
    public async Task An_orchestration_is_started_by_name_with_its_input_and_an_id()
    {
        using var started = await app.Http.PostAsJsonAsync($"{Orchestrators}/typed/my-ïd?{Code}", new Greeting("I am", 1), JsonSerializerOptions.Default);
        started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var status = (string)(await started.Content.ReadFromJsonAsync<JsonObject>())!["statusQueryGetUri"]!;

        var ended = await EndAsync(status);
        ((string)ended["output"]!).ShouldBe("I am my-ïd");
        ((int)ended["input"]!["Count"]!).ShouldBe(1);

        (await PostAsync($"{Orchestrators}/nothing?{Code}")).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync($"{Orchestrators}/Typed")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_failed_instance_answers_200_and_500_only_when_asked()
    {
        using var started = await app.Http.PostAsJsonAsync($"{Orchestrators}/Typed?{Code}", new Greeting("x", -1), JsonSerializerOptions.Default);
        var status = (string)(await started.Content.ReadFromJsonAsync<JsonObject>())!["statusQueryGetUri"]!;

        var ended = await EndAsync(status);
        ((string)ended["runtimeStatus"]!).ShouldBe("Failed");
        ((string)ended["output"]!).ShouldContain("as asked");
        using var asked = await app.Http.GetAsync(status + "&returnInternalServerErrorOnFailure=true&showInput=false");
        asked.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await asked.Content.ReadFromJsonAsync<JsonObject>())!["input"].ShouldBeNull();
    }

    [Fact]
    public async Task An_activity_has_the_time_limit_of_the_host()
    {
        using var started = await app.Http.PostAsync($"{Orchestrators}/Overlong?{Code}", null);
        var ended = await EndAsync((string)(await started.Content.ReadFromJsonAsync<JsonObject>())!["statusQueryGetUri"]!);

        ((string)ended["runtimeStatus"]!).ShouldBe("Failed");
        ((string)ended["output"]!).ShouldContain("functionTimeout");
    }

    [Fact]
    public async Task Instances_are_listed_and_purged_by_status_prefix_and_time()
    {
        var soon = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddHours(1).ToString("o"));
        using var one = await app.Http.PostAsJsonAsync($"{Orchestrators}/Typed/ünique-1?{Code}", new Greeting("a", 1), JsonSerializerOptions.Default);
        using var two = await app.Http.PostAsJsonAsync($"{Orchestrators}/Typed/ünique-2?{Code}", new Greeting("b", 1), JsonSerializerOptions.Default);
        await UntilAsync($"{Base}/ünique-1?{Code}", "Completed");
        await UntilAsync($"{Base}/ünique-2?{Code}", "Completed");
        async Task<int> CountAsync(string filter) => (await app.Http.GetFromJsonAsync<JsonArray>($"{Base}?instanceIdPrefix=ünique-&{filter}&{Code}"))!.Count;

        (await CountAsync("runtimeStatus=Completed,Failed")).ShouldBe(2);
        (await CountAsync("runtimeStatus=Running")).ShouldBe(0);
        (await CountAsync($"createdTimeFrom={soon}")).ShouldBe(0);
        (await CountAsync($"createdTimeTo={soon}")).ShouldBe(2);
        using var page = await app.Http.GetAsync($"{Base}?instanceIdPrefix=ünique-&top=1&{Code}");
        page.Headers.GetValues("x-ms-continuation-token").Single().ShouldAllBe(c => char.IsAscii(c));
        using var wrong = new HttpRequestMessage(HttpMethod.Get, $"{Base}?{Code}");
        wrong.Headers.Add("x-ms-continuation-token", "~");
        (await app.Http.SendAsync(wrong)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await app.Http.DeleteAsync($"{Base}?createdTimeFrom={soon}&{Code}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var past = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddHours(-1).ToString("o"));
        (await app.Http.DeleteAsync($"{Base}?createdTimeTo={soon}&runtimeStatus=Completed&{Code}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "no createdTimeFrom");
        (await app.Http.DeleteAsync($"{Base}?createdTimeFrom={past}&runtimeStatus=Completed,Complete&{Code}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "no such status");
        (await app.Http.GetAsync($"{Base}?runtimeStatus=Complete&{Code}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "no such status");
        (await CountAsync("")).ShouldBe(2);
        using var purged = await app.Http.DeleteAsync($"{Base}?createdTimeFrom={past}&createdTimeTo={soon}&runtimeStatus=Completed&{Code}");
        ((int)(await purged.Content.ReadFromJsonAsync<JsonObject>())!["instancesDeleted"]!).ShouldBeGreaterThanOrEqualTo(2);
        (await CountAsync("")).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=wrong")]
    public async Task Without_the_system_key_nothing_is_told(string query)
    {
        using var response = await app.Http.GetAsync(Base + query);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_unknown_instance_is_not_found()
    {
        (await app.Http.GetAsync($"{Base}/nobody?{Code}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await PostAsync($"{Base}/nobody/restart?{Code}")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Http.DeleteAsync($"{Base}/nobody?{Code}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<HttpStatusCode> PostAsync(string address)
    {
        using var response = await app.Http.PostAsync(address, null);
        return response.StatusCode;
    }

    private async Task<JsonObject> EndAsync(string address)
    {
        using var limit = new CancellationTokenSource(SampleApp.Limit);
        while (true)
        {
            using var response = await app.Http.GetAsync(address, limit.Token);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return (await response.Content.ReadFromJsonAsync<JsonObject>(limit.Token))!;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    private async Task UntilAsync(string address, string status)
    {
        using var limit = new CancellationTokenSource(SampleApp.Limit);
        while ((string)(await app.Http.GetFromJsonAsync<JsonObject>(address, limit.Token))!["runtimeStatus"]! != status)
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
