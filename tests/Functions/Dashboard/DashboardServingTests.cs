using System.IO.Compression;
using System.Net;
using System.Text;
using VpsPilot.Functions.Tests.Api;

namespace VpsPilot.Functions.Tests.Dashboard;

/// <summary>The dashboard's files over HTTP.</summary>
public sealed class DashboardServingTests : IAsyncLifetime, IDisposable
{
    private const string Page = "<!doctype html><title>VPS Pilot</title>";
    private const string Script = "console.log('dashboard')";

    private readonly TemporaryFolder folder = new();
    private readonly ApiServer server;

    public DashboardServingTests()
    {
        server = new ApiServer { Settings = [$"--Dashboard:Directory={folder.Path}"] };
        Directory.CreateDirectory(Path.Combine(folder.Path, "assets"));
        Write("index.html", Page);
        Write("assets/main-1a2b.js", Script);
        Write("private.key", "not a file of a page");
        File.WriteAllBytes(Path.Combine(folder.Path, "assets/main-1a2b.js.br"), Compress(s => new BrotliStream(s, CompressionLevel.Fastest)));
        File.WriteAllBytes(Path.Combine(folder.Path, "assets/main-1a2b.js.gz"), Compress(s => new GZipStream(s, CompressionLevel.Fastest)));
    }

    [Theory]
    [InlineData("", "*/*")]
    [InlineData("index.html", "*/*")]
    [InlineData("projects/shop", "text/html,application/xhtml+xml")]
    [InlineData("deployments/01jd", "text/html")]
    public async Task Every_address_that_a_browser_opens_starts_with_the_page(string path, string accept)
    {
        using var answer = await GetAsync(path, ("Accept", accept));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(Page);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        answer.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotContain("http");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
    }

    [Theory]
    [InlineData("api/unknown", "text/html")]
    [InlineData("projects/shop", "application/json")]
    [InlineData("assets/main-old.js", "text/html")]
    [InlineData("private.key", "text/html")]
    [InlineData("assets/main-1a2b.js.br", "*/*")]
    [InlineData("..%2f..%2fetc%2fpasswd", "*/*")]
    [InlineData("servicebus.txt", "text/html")]
    public async Task What_is_not_there_is_told_as_a_problem(string path, string accept)
    {
        using var answer = await GetAsync(path, ("Accept", accept));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"not-found\"");
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("zstd", null)]
    [InlineData("", null)]
    public async Task A_script_comes_in_the_smallest_form_that_the_browser_takes_and_is_kept_for_good(string taken, string? sent)
    {
        using var answer = await GetAsync("assets/main-1a2b.js", ("Accept-Encoding", taken));

        answer.Content.Headers.ContentEncoding.FirstOrDefault().ShouldBe(sent);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        answer.Headers.Vary.Single().ShouldBe("Accept-Encoding");
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = sent switch { "br" => new BrotliStream(body, CompressionMode.Decompress), "gzip" => new GZipStream(body, CompressionMode.Decompress), _ => body };
        using var reader = new StreamReader(plain);
        (await reader.ReadToEndAsync()).ShouldBe(Script);
    }

    [Fact]
    public async Task A_page_that_has_not_changed_is_not_sent_again()
    {
        using var first = await GetAsync("");
        using var second = await GetAsync("", ("If-None-Match", first.Headers.ETag!.ToString()));

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_built_dashboard_the_api_says_so_and_serves_all_the_same()
    {
        using var bare = new ApiServer { Settings = [$"--Dashboard:Directory={Path.Combine(folder.Path, "assets")}"] };
        await bare.InitializeAsync();

        await bare.Anonymous.GetAsync("").ShouldBeProblemAsync(HttpStatusCode.NotFound, "dashboard-not-built");
        await bare.Admin.GetAsync("api/nodes").JsonAsync();
        await bare.DisposeAsync();
    }

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Anonymous.BaseAddress! + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await server.Anonymous.SendAsync(request);
    }

    private static byte[] Compress(Func<Stream, Stream> form)
    {
        using var target = new MemoryStream();
        using (var stream = form(target))
        {
            stream.Write(Encoding.UTF8.GetBytes(Script));
        }

        return target.ToArray();
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.Path, name), text);
}
