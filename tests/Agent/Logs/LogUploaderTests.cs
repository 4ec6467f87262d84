using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using VpsPilot.Agent.Logs;
using VpsPilot.Agent.Tests.Enrollment;

namespace VpsPilot.Agent.Tests.Logs;

public sealed class LogUploaderTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly TempFolder folder = new();
    private readonly StringBuilder received = new();
    private readonly List<string> refusals = [];

    [Fact]
    public async Task What_is_written_arrives_in_order_and_a_flush_waits_for_it()
    {
        using var plane = Plane();
        using var log = new DeploymentLog(folder["d.log"]);
        var uploading = UploadAsync(plane, log);
        log.WriteLine("one ü");
        await log.FlushAsync().WaitAsync(Soon);
        Text.ShouldBe("one ü\n");
        log.WriteLine("two");
        log.Dispose();
        await uploading.WaitAsync(Soon);
        Text.ShouldBe("one ü\ntwo\n");
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_from_what_the_control_plane_has()
    {
        received.Append("one\n");
        using var plane = Plane();
        await File.WriteAllTextAsync(folder["d.log"], "one\ntwo\n");
        using var log = new DeploymentLog(folder["d.log"]);
        var uploading = UploadAsync(plane, log);
        log.WriteLine("three");
        log.Dispose();
        await uploading.WaitAsync(Soon);
        Text.ShouldBe("one\ntwo\nthree\n");
    }

    [Fact]
    public async Task A_large_log_goes_in_chunks_of_bounded_size()
    {
        var largest = 0;
        using var plane = new HttpStub((request, body) =>
        {
            largest = Math.Max(largest, Encoding.UTF8.GetByteCount(body));
            return Append(request.QueryString["offset"]!, body);
        });
        using var log = new DeploymentLog(folder["d.log"]);
        for (var i = 0; i < 10_000; i++)
            log.WriteLine(i.ToString("00000", CultureInfo.InvariantCulture) + new string('x', 90));
        var uploading = UploadAsync(plane, log);
        log.Dispose();
        await uploading.WaitAsync(Soon);
        Text.Length.ShouldBe(10_000 * 96);
        largest.ShouldBeInRange(200 * 1024, 256 * 1024);
    }

    [Fact]
    public async Task A_control_plane_that_fails_for_a_while_gets_everything_later()
    {
        var failures = 2;
        using var plane = new HttpStub((request, body) => failures-- > 0 ? (503, "") : Append(request.QueryString["offset"]!, body));
        using var log = new DeploymentLog(folder["d.log"]);
        log.WriteLine("one");
        var uploading = UploadAsync(plane, log);
        await log.FlushAsync().WaitAsync(Soon);
        log.Dispose();
        await uploading.WaitAsync(Soon);
        Text.ShouldBe("one\n");
    }

    [Fact]
    public async Task A_control_plane_that_knows_no_such_deployment_is_not_asked_for_ever()
    {
        var asked = 0;
        using var plane = new HttpStub((_, _) =>
        {
            asked++;
            return (404, "");
        });
        using var log = new DeploymentLog(folder["d.log"]);
        log.WriteLine("one");
        await UploadAsync(plane, log).WaitAsync(Soon);
        await log.FlushAsync().WaitAsync(Soon);
        asked.ShouldBe(1);
    }

    [Fact]
    public void A_log_does_not_grow_without_end()
    {
        using var log = new DeploymentLog(folder["d.log"]);
        var line = new string('x', 8000);
        for (var i = 0; i < 3000; i++)
            log.WriteLine(line);
        log.Length.ShouldBeInRange(DeploymentLog.MaxBytes - 8001, DeploymentLog.MaxBytes + 100);
        new FileInfo(folder["d.log"]).Length.ShouldBe(log.Length);
        File.ReadLines(folder["d.log"]).Last().ShouldContain("the log is full");
    }

    public void Dispose() => folder.Dispose();

    private string Text
    {
        get
        {
            lock (received)
                return received.ToString();
        }
    }

    private HttpStub Plane() => new((request, body) =>
    {
        if (request.Headers["Authorization"] != "Bearer agent-token-1" || request.Url!.AbsolutePath != "/api/agent/deployments/d1/log")
            refusals.Add(request.Url!.ToString());
        return refusals.Count > 0 ? (404, "") : Append(request.QueryString["offset"]!, body);
    });

    private (int Status, string Body) Append(string offset, string body)
    {
        lock (received)
        {
            var has = Encoding.UTF8.GetByteCount(received.ToString());
            if (offset != has.ToString(CultureInfo.InvariantCulture))
                return (409, $$"""{"title":"The log has another length.","offset":{{has}}}""");
            received.Append(body);
            return (200, $$"""{"offset":{{has + Encoding.UTF8.GetByteCount(body)}}}""");
        }
    }

    private static async Task UploadAsync(HttpStub plane, DeploymentLog log)
    {
        using var http = new HttpClient();
        await new LogUploader(TestIdentity.For(plane.Url), http, TimeProvider.System, NullLogger<LogUploader>.Instance).RunAsync("d1", log, default);
    }
}
