using System.Net;
using System.Net.Http.Json;
using VpsPilot.Embedded.Functions.Tests.Sample;

namespace VpsPilot.Embedded.Functions.Tests.Http;

public sealed class HttpTriggerTests(SampleApp app) : IClassFixture<SampleApp>
{
    [Theory]
    [InlineData("app/text/ada/7?q=x", HttpStatusCode.OK, "ada 7 x")]
    [InlineData("app/text/ada/seven", HttpStatusCode.NotFound, "")]
    [InlineData("text/ada/7", HttpStatusCode.NotFound, "")]
    [InlineData("app/poco", HttpStatusCode.OK, """{"text":"hello","count":3}""")]
    [InlineData("app/nothing", HttpStatusCode.NoContent, "")]
    [InlineData("app/stream", HttpStatusCode.OK, "line 0\nline 1\nline 2\n")]
    [InlineData("app/slow", HttpStatusCode.OK, "timed out")]
    [InlineData("app/text/ada/7?short", (HttpStatusCode)418, "short")]
    public async Task A_request_gets_its_functions_answer(string path, HttpStatusCode status, string body)
    {
        using var response = await app.Http.GetAsync(path);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldBe(body);
    }

    [Fact]
    public async Task An_action_result_that_streams_arrives_piece_by_piece()
    {
        using var limit = new CancellationTokenSource(SampleApp.Limit);
        using var response = await app.Http.GetAsync("app/pieces", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));

        (await lines.ReadLineAsync(limit.Token)).ShouldBe("one");
        app.Journal.Add("one was read");
        (await lines.ReadLineAsync(limit.Token)).ShouldBe("two");
    }

    [Fact]
    public async Task A_body_is_read_as_the_parameters_type_and_a_wrong_one_is_a_bad_request()
    {
        using var good = await app.Http.PostAsJsonAsync("app/body", new Greeting("hi", 5));
        good.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await good.Content.ReadAsStringAsync()).ShouldBe("hi5");

        using var bad = await app.Http.PostAsync("app/body", new StringContent("{", null, "application/json"));
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var method = await app.Http.GetAsync("app/body");
        method.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_function_that_throws_answers_500_and_tells_nothing_of_the_inside()
    {
        using var response = await app.Http.GetAsync("app/throws");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("the inside");
    }

    [Theory]
    [InlineData("app/guarded", null, HttpStatusCode.Unauthorized)]
    [InlineData("app/guarded", "system", HttpStatusCode.Unauthorized)]
    [InlineData("app/guarded", "function", HttpStatusCode.OK)]
    [InlineData("app/guarded", "master", HttpStatusCode.OK)]
    [InlineData("app/adminonly", "function", HttpStatusCode.Unauthorized)]
    [InlineData("app/adminonly", "master", HttpStatusCode.OK)]
    public async Task A_guarded_function_needs_a_key_of_its_level(string path, string? key, HttpStatusCode expected)
    {
        using var byCode = await app.Http.GetAsync(path + (key is null ? "" : $"?code={app.Key(key)}"));
        byCode.StatusCode.ShouldBe(expected);

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", app.Key(key));
        }

        using var byHeader = await app.Http.SendAsync(request);
        byHeader.StatusCode.ShouldBe(expected);
    }
}

public sealed class MiddlewareTests(SampleApp app) : IClassFixture<SampleApp>
{
    [Fact]
    public async Task Middleware_runs_in_the_order_it_was_added()
    {
        await app.Http.GetStringAsync("app/poco");

        app.Journal.Lines.Where(l => l.Contains(" in") || l.Contains(" out")).ShouldBe(["first in", "second in", "first out"]);
    }
}
