using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Enrollment;

namespace VpsPilot.Agent.Tests.Commands;

public sealed class CommandCheckTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static readonly CommandEnvelope Good = new()
    {
        CommandId = "d1.build.n1",
        NodeId = "n1",
        ProjectId = "p1",
        DeploymentId = "d1",
        IssuedAt = Now,
        ExpiresAt = Now.AddHours(1),
        Body = new BuildCommand { Repository = "https://example.org/a.git", Branch = "main", Commit = new string('a', 40) },
    };

    [Fact]
    public void A_signed_command_for_this_node_is_taken() => Check(Good).Command.ShouldBe(Good);

    [Fact]
    public void A_command_signed_by_anyone_else_is_refused_without_an_addressee() => Refusal(Check(Good, other)).ShouldBe(("unsigned", null));

    [Fact]
    public void A_command_changed_after_signing_is_refused()
    {
        var signed = SignedMessage.Sign(JsonSerializer.Serialize(Good, ContractsJson.Default.CommandEnvelope), SignedMessage.ControlPlane, key);
        Refusal(Check(signed with { Payload = signed.Payload.Replace("main", "evil", StringComparison.Ordinal) })).Code.ShouldBe("unsigned");
    }

    [Fact]
    public void A_command_for_another_node_is_refused() => Refusal(Check(Good with { NodeId = "n2" })).ShouldBe(("wrong-node", "d1.build.n1"));

    [Fact]
    public void An_expired_command_is_refused() => Refusal(Check(Good with { ExpiresAt = Now })).ShouldBe(("expired", "d1.build.n1"));

    [Fact]
    public void A_command_from_the_future_is_refused_beyond_what_clocks_differ()
    {
        Refusal(Check(Good with { IssuedAt = Now.AddMinutes(6) })).ShouldBe(("future-dated", "d1.build.n1"));
        Check(Good with { IssuedAt = Now.AddMinutes(4) }).Command.ShouldNotBeNull();
    }

    [Fact]
    public void After_a_renewal_the_key_before_counts_for_what_was_on_its_way_and_no_longer()
    {
        var renewed = Self with { EarlierCommandKey = Convert.ToBase64String(other.ExportSubjectPublicKeyInfo()), RenewedAt = Now };
        CheckedCommand At(TimeSpan later, CommandEnvelope command) =>
            new CommandCheck(renewed, new FakeTimeProvider(Now + later)).Check(SignedMessage.Sign(JsonSerializer.Serialize(command, ContractsJson.Default.CommandEnvelope), SignedMessage.ControlPlane, other).ToBytes());

        At(TimeSpan.FromMinutes(1), Good with { IssuedAt = Now.AddMinutes(-1) }).Command.ShouldNotBeNull();
        Refusal(At(TimeSpan.FromMinutes(1), Good with { IssuedAt = Now.AddSeconds(1) })).Code.ShouldBe("unsigned");
        Refusal(At(TimeSpan.FromMinutes(11), Good with { IssuedAt = Now.AddMinutes(-1) })).Code.ShouldBe("unsigned");
    }

    [Fact]
    public void A_newer_schema_is_answered_not_dropped() => Refusal(Check(Good with { SchemaVersion = 2 })).ShouldBe(("unknown-version", "d1.build.n1"));

    [Fact]
    public void An_unknown_kind_of_command_is_answered_not_dropped() =>
        Refusal(Check(Signed("""{"schemaVersion":1,"commandId":"c9","nodeId":"n1","issuedAt":"2026-01-01T00:00:00Z","expiresAt":"2027-01-01T00:00:00Z","body":{"kind":"teleport"}}"""))).ShouldBe(("unknown-command", "c9"));

    public static TheoryData<Command, bool> Operations => new()
    {
        { new StatusCommand(), true },
        { new DoctorCommand(), true },
        { new LogsCommand { Lines = 0, Follow = TimeSpan.FromHours(1) }, true },
        { new LogsCommand { Lines = -1 }, false },
        { new LogsCommand { Follow = TimeSpan.FromDays(2) }, false },
        { new RunCommand { CommandLine = "true" }, true },
        { new RunCommand { CommandLine = "" }, false },
        { new RunCommand { CommandLine = "a\0b" }, false },
        { new RunCommand { CommandLine = "true", Timeout = TimeSpan.Zero }, false },
        { new RollBackCommand { Reason = "r", Commit = new string('a', 40) }, true },
        { new RollBackCommand { Reason = "r", Commit = new string('a', 64) }, true },
        { new RollBackCommand { Reason = "r", Commit = new string('a', 41) }, false },
        { new RollBackCommand { Reason = "r", Commit = "../a" }, false },
        { new BuildCommand { Repository = "/a", Branch = "main", Commit = new string('a', 64) }, true },
        { new UpdateAgentCommand { Path = "/api/agent/binary/linux-x64", Sha256 = new string('a', 64), Version = "1" }, true },
        { new UpdateAgentCommand { Path = "https://elsewhere/x", Sha256 = new string('a', 64), Version = "1" }, false },
        { new MoveCommand { Url = "http://127.0.0.1:7071", CommandKey = "k" }, true },
        { new MoveCommand { Url = "https://other.example.org", CommandKey = "k" }, true },
        { new MoveCommand { Url = "http://other.example.org", CommandKey = "k" }, false },
        { new UpdateAgentCommand { Path = "/api/x", Sha256 = "a", Version = "1" }, false },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void What_an_operation_says_is_held_to_its_bounds(Command body, bool isGood) => (Check(Good with { Body = body }).Command is not null).ShouldBe(isGood);

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"schemaVersion":"x"}""")]
    public void A_signed_payload_that_is_no_command_is_refused(string payload) => Refusal(Check(Signed(payload))).ShouldBe(("malformed", null));

    [Fact]
    public void Bytes_that_are_no_message_are_refused_without_an_addressee() => new CommandCheck(Self, new FakeTimeProvider(Now)).Check("hello"u8.ToArray()).Refusal.ShouldNotBeNull().CommandId.ShouldBeNull();

    [Theory]
    [InlineData("../../etc")]
    [InlineData("UPPER")]
    [InlineData("current")]
    [InlineData("edge")]
    [InlineData("server")]
    [InlineData("agent")]
    [InlineData("-x")]
    [InlineData("")]
    public void A_project_id_that_is_no_plain_name_is_refused(string id) => Refusal(Check(Good with { ProjectId = id })).Code.ShouldBe("malformed");

    [Fact]
    public void Parts_that_would_become_options_or_paths_are_refused()
    {
        var build = (BuildCommand)Good.Body;
        var bad = new[]
        {
            Good with { DeploymentId = "a/b" },
            Good with { DeploymentId = null },
            Good with { CommandId = "../x" },
            Good with { Body = build with { Repository = "--upload-pack=x" } },
            Good with { Body = build with { Branch = "a:b" } },
            Good with { Body = build with { Branch = "-b" } },
            Good with { Body = build with { Commit = "HEAD" } },
            Good with { Body = new ActivateCommand { ReleaseId = ".." } },
            Good with { Body = new RollBackCommand { ReleaseId = "../x", Reason = "r" } },
            Good with { ProjectId = null, Body = new RestartCommand() },
        };
        bad.Select(c => Check(c).Refusal?.Code).ShouldAllBe(code => code == "malformed");
    }

    public void Dispose()
    {
        key.Dispose();
        other.Dispose();
    }

    private Identity Self => new(new Uri("http://127.0.0.1/"), new EnrollResponse
    {
        NodeId = "n1",
        QueueEndpoint = "amqp://127.0.0.1",
        Commands = new("node-n1", "node-n1", "k"),
        Events = new("agent-events", "node-n1", "k"),
        CommandKey = PublicKey,
        AgentToken = "t",
    }, "hash");

    private string PublicKey => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    private static (string? Code, string? CommandId) Refusal(CheckedCommand check)
    {
        check.Command.ShouldBeNull();
        return (check.Refusal?.Code, check.Refusal?.CommandId);
    }

    private CheckedCommand Check(CommandEnvelope command, ECDsa? signer = null) =>
        Check(SignedMessage.Sign(JsonSerializer.Serialize(command, ContractsJson.Default.CommandEnvelope), SignedMessage.ControlPlane, signer ?? key));

    private CheckedCommand Check(SignedMessage message) => new CommandCheck(Self, new FakeTimeProvider(Now)).Check(message.ToBytes());

    private SignedMessage Signed(string payload) => SignedMessage.Sign(payload, SignedMessage.ControlPlane, key);
}
