using System.Text.Json;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Tests.Enrollment;

public sealed class EnrollerTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly AgentPaths paths;

    public EnrollerTests() => paths = new AgentPaths(new AgentSettings { StateDirectory = folder["state"] });

    [Fact]
    public async Task Enrolment_sends_public_keys_and_keeps_the_identity_for_root_alone()
    {
        var requests = new List<string>();
        using var plane = new HttpStub((request, body) =>
        {
            requests.Add($"{request.HttpMethod} {request.Url!.AbsolutePath} {body}");
            return (200, JsonSerializer.Serialize(TestIdentity.Response(), ContractsJson.Default.EnrollResponse));
        });
        var (identity, isNew, error) = await EnrollAsync(plane.Url, "one-time-1");
        error.ShouldBeNull();
        isNew.ShouldBeTrue();
        identity.ShouldNotBeNull().NodeId.ShouldBe("n1");

        requests.ShouldHaveSingleItem().ShouldStartWith("POST /api/agent/enroll {");
        var sent = JsonSerializer.Deserialize(requests[0][requests[0].IndexOf('{')..], ContractsJson.Default.EnrollRequest).ShouldNotBeNull();
        using var keys = AgentKeys.LoadOrCreate(paths);
        (sent.Token, sent.SigningKey, sent.SealingKey).ShouldBe(("one-time-1", keys.SigningKey, keys.SealingKey));
        keys.Sign("x", "n1").IsSignedBy(sent.SigningKey).ShouldBeTrue();
        keys.Open(SealedBox.Seal(sent.SealingKey, "value"u8, "c1"), "c1").ShouldBe("value"u8.ToArray());

        foreach (var file in Directory.GetFiles(folder["state"]))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        File.GetUnixFileMode(folder["state"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Identity.Load(paths).ShouldBe(identity);
        File.ReadAllText(paths.Identity).ShouldNotContain("one-time");
    }

    [Fact]
    public async Task The_same_token_again_asks_nobody_and_another_one_does_with_the_same_keys()
    {
        var sealing = new List<string>();
        using var plane = new HttpStub((_, body) =>
        {
            sealing.Add(JsonSerializer.Deserialize(body, ContractsJson.Default.EnrollRequest)!.SealingKey);
            return (200, JsonSerializer.Serialize(TestIdentity.Response(), ContractsJson.Default.EnrollResponse));
        });
        await EnrollAsync(plane.Url, "one-time-1");
        (await EnrollAsync(plane.Url, "one-time-1")).IsNew.ShouldBeFalse();
        sealing.Count.ShouldBe(1);
        (await EnrollAsync(plane.Url, "one-time-2")).IsNew.ShouldBeTrue();
        sealing.Distinct().Count().ShouldBe(1);
        sealing.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_control_planes_words()
    {
        using var plane = new HttpStub((_, _) => (401, """{"title":"The enrolment token is unknown, used or expired.","detail":"Ask for a new one."}"""));
        var (identity, _, error) = await EnrollAsync(plane.Url, "old");
        identity.ShouldBeNull();
        error.ShouldBe("The control plane refused with 401: The enrolment token is unknown, used or expired. Ask for a new one.");
        File.Exists(paths.Identity).ShouldBeFalse();
    }

    [Fact]
    public async Task Something_that_is_no_control_plane_is_recognised()
    {
        using var web = new HttpStub((_, _) => (200, "<html>hello</html>"));
        (await EnrollAsync(web.Url, "t")).Error.ShouldNotBeNull().ShouldContain("does not answer as a VPS Pilot control plane");
        (await EnrollAsync(new Uri($"http://127.0.0.1:{HttpStub.FreePort()}/"), "t")).Error.ShouldNotBeNull().ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task A_control_plane_without_tls_is_refused_anywhere_but_on_loopback_unless_a_person_says_so()
    {
        (await EnrollAsync(new Uri("http://plane.invalid/"), "t")).Error.ShouldNotBeNull().ShouldContain("--allow-plain-text");
        (await EnrollAsync(new Uri("http://plane.invalid/"), "t", allowsPlainText: true)).Error.ShouldNotBeNull().ShouldContain("cannot be reached");
        using var plane = new HttpStub((_, _) => (200, JsonSerializer.Serialize(TestIdentity.Response() with { QueueEndpoint = "amqp://queues.invalid:5672" }, ContractsJson.Default.EnrollResponse)));
        var (identity, _, error) = await EnrollAsync(plane.Url, "t");
        identity.ShouldBeNull();
        error.ShouldNotBeNull().ShouldContain("amqp://queues.invalid:5672");
        File.Exists(paths.Identity).ShouldBeFalse();
        (await EnrollAsync(plane.Url, "t", allowsPlainText: true)).Identity.ShouldNotBeNull();
    }

    [Fact]
    public void A_damaged_identity_says_what_to_do()
    {
        Directory.CreateDirectory(folder["state"]);
        File.WriteAllText(paths.Identity, "{");
        Should.Throw<InvalidDataException>(() => Identity.Load(paths)).Message.ShouldContain("enrol again");
    }

    public void Dispose() => folder.Dispose();

    private async Task<(Identity? Identity, bool IsNew, string? Error)> EnrollAsync(Uri url, string token, bool allowsPlainText = false)
    {
        using var http = new HttpClient();
        return await new Enroller(paths, new FactsReader(new ProcessRunner(TimeProvider.System)), http) { AllowsPlainText = allowsPlainText }.EnrollAsync(url, token, null, default).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
