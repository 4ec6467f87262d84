using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Contracts.Tests;

/// <summary>What crosses the wire, held by golden files: an older agent must be able to read what a newer control plane writes.</summary>
public sealed class EnvelopeTests
{
    private const string Commit = "83cf6eece70e0d9b6f0b1d7a5c1c0d2e3f4a5b6c";
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SealedBox Box = new("a2V5", "bm9uY2U=", "Y2lwaGVy");
    private static readonly SharedTree Tree = new("web-2", new string('c', 64), 5000, 20000);
    private static readonly ServingRelease Serving = new("d1", 7, Commit, "/nix/store/abc-shop", 21001) { Pid = 343, UnitState = "active" };

    public static TheoryData<string> CommandKinds => [.. Commands.Keys];

    public static TheoryData<string> EventKinds => [.. Events.Keys];

    private static IReadOnlyDictionary<string, Command> Commands { get; } = new Dictionary<string, Command>
    {
        ["build"] = new BuildCommand { Repository = "https://example.com/shop.git", Branch = "main", Commit = Commit, Environment = Box },
        ["build-of-monorepo"] = new BuildCommand { Repository = "https://example.com/shop.git", Branch = "main", ConfigFile = "api/config.vpspilot.json" },
        ["build-to-share"] = new BuildCommand { Repository = "https://example.com/shop.git", Branch = "main", Commit = Commit, ShareTree = true },
        ["build-of-shared"] = new BuildCommand { Repository = "https://example.com/shop.git", Branch = "main", Commit = Commit, Tree = Tree },
        ["activate"] = new ActivateCommand { ReleaseId = "d1", Environment = Box },
        ["roll-back"] = new RollBackCommand { IfServing = "d1", Generation = 6, ReleaseId = "d0", Reason = "another node failed" },
        ["cancel"] = new CancelCommand { TargetDeploymentId = "d1" },
        ["collect"] = new CollectCommand(),
        ["inspect"] = new InspectCommand(),
        ["restart"] = new RestartCommand(),
        ["restart-renewed"] = new RestartCommand { Environment = Box },
        ["roll-back-to-backup"] = new RollBackCommand { FromBackup = true, Environment = Box, Reason = "all is lost" },
        ["roll-back-to-other-slot"] = new RollBackCommand { OtherSlot = true, Reason = "asked for" },
        ["roll-back-to-commit"] = new RollBackCommand { Commit = Commit, Reason = "asked for" },
        ["remove"] = new RemoveCommand(),
        ["stop"] = new StopCommand(),
        ["run"] = new RunCommand { CommandLine = "console", IsNamed = true, Timeout = TimeSpan.FromMinutes(1) },
        ["logs"] = new LogsCommand { Lines = 10, Follow = TimeSpan.FromHours(1), Process = "worker" },
        ["status"] = new StatusCommand(),
        ["doctor"] = new DoctorCommand(),
        ["update-agent"] = new UpdateAgentCommand { Path = "/api/agent/binary/linux-x64", Sha256 = new string('a', 64), Version = "0.2.0" },
        ["rotate-keys"] = new RotateKeysCommand(),
        ["use-events-key"] = new UseEventsKeyCommand { Credential = Box },
        ["move"] = new MoveCommand { Url = "https://pilot.example.com", CommandKey = "a2V5", CertificateAuthority = "-----BEGIN CERTIFICATE-----" },
    };

    private static IReadOnlyDictionary<string, AgentEvent> Events { get; } = new Dictionary<string, AgentEvent>
    {
        ["progress"] = new StageProgress { Stage = Stages.Compile, State = StageState.Completed, DurationMilliseconds = 1200, Detail = "npm ci" },
        ["result-built"] = new CommandResult
        {
            Outcome = CommandOutcome.Succeeded,
            Built = new BuiltRelease(Commit, "/nix/store/abc-shop", 123456, new DeploymentConfig { HealthCheck = new HealthCheckConfig { Path = "/up", ExpectStatus = 204 } }) { Subject = "Sell things" },
        },
        ["result-built-and-shared"] = new CommandResult
        {
            Outcome = CommandOutcome.Succeeded,
            Built = new BuiltRelease(Commit, "/nix/store/abc-shop", 123456, new DeploymentConfig()) { Tree = Tree },
        },
        ["result-rolled-back"] = new CommandResult
        {
            Outcome = CommandOutcome.RolledBack,
            Failure = new Failure(Stages.Health, FailureKind.Unhealthy, "The app exited with code 1") { ExitCode = 1, StderrTail = "Error: no database", Hint = "Set DATABASE_URL.", Problems = [new Problem("$.start", "wrong", 3)] },
            Serving = Serving,
        },
        ["result-operation"] = new CommandResult
        {
            Outcome = CommandOutcome.Failed,
            ExitCode = 3,
            Findings = [new Finding("disk", FindingState.Error, "The disk is almost full.", "Make room."), new Finding("nix", FindingState.Ok, "Nix 2.26.3", null)],
            Units = [new ProjectUnit("vpspilot-project-shop-blue.service", "web", "blue", "active") { ReleaseId = "d1", Pid = 343, Restarts = 1, MemoryBytes = 4096 }],
            Backups = [new BackupArchive("20260301-120000-abcdef", "d0", Commit, At, 1234, new string('b', 64))],
        },
        ["heartbeat"] = new Heartbeat
        {
            AgentVersion = "0.1.0",
            Facts = new NodeFacts { HostName = "web-1", System = "x86_64-linux", OperatingSystem = "Debian GNU/Linux 13 (trixie)", NixVersion = "2.26.3", Processors = 2, MemoryBytes = 4096, DiskFreeBytes = 8192, Load1 = 0.5 },
            Serving = new Dictionary<string, ServingRelease> { ["shop"] = Serving, ["blog"] = Serving with { Pid = null, UnitState = "inactive", IsStopped = true } },
        },
        ["alert"] = new Alert("watch-rolled-back", "shop went back to generation 6"),
    };

    [Theory]
    [MemberData(nameof(CommandKinds))]
    public void A_command_is_as_its_golden_file_and_reads_back_the_same(string kind)
    {
        var envelope = new CommandEnvelope { CommandId = $"d1.{kind}.web-1", NodeId = "web-1", ProjectId = "shop", DeploymentId = "d1", IssuedAt = At, ExpiresAt = At.AddHours(1), TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", Body = Commands[kind] };
        var json = JsonSerializer.Serialize(envelope, ContractsJson.Default.CommandEnvelope);

        ShouldMatchGolden(json, $"command-{kind}.json");
        JsonSerializer.Deserialize(json, ContractsJson.Default.CommandEnvelope).ShouldBe(envelope);
    }

    [Theory]
    [MemberData(nameof(EventKinds))]
    public void An_event_is_as_its_golden_file_and_reads_back_the_same(string kind)
    {
        var envelope = new EventEnvelope { EventId = "e1", NodeId = "web-1", CommandId = "d1.build.web-1", ProjectId = "shop", DeploymentId = "d1", OccurredAt = At, Body = Events[kind] };
        var json = JsonSerializer.Serialize(envelope, ContractsJson.Default.EventEnvelope);

        ShouldMatchGolden(json, $"event-{kind}.json");
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, ContractsJson.Default.EventEnvelope)!, ContractsJson.Default.EventEnvelope).ShouldBe(json);
    }

    [Fact]
    public void Enrolment_is_as_its_golden_files()
    {
        var request = new EnrollRequest { Token = "one-time", SigningKey = "c2lnbg==", SealingKey = "c2VhbA==", AgentVersion = "0.1.0", Facts = ((Heartbeat)Events["heartbeat"]).Facts };
        var response = new EnrollResponse
        {
            NodeId = "web-1",
            QueueEndpoint = "amqps://queues.example.com:5671",
            Commands = new QueueCredential("node-web-1", "node-web-1", "bGlzdGVu"),
            Events = new QueueCredential("agent-events", "node-web-1", "c2VuZA=="),
            CommandKey = "cHVibGlj",
            CertificateAuthority = "-----BEGIN CERTIFICATE-----\n",
            AgentToken = "bearer",
        };
        var renewal = new RenewRequest { NodeId = "web-1", CommandId = "keys.1.web-1", SigningKey = "c2lnbg==", SealingKey = "c2VhbA==", IssuedAt = At };

        ShouldMatchGolden(JsonSerializer.Serialize(request, ContractsJson.Default.EnrollRequest), "enroll-request.json");
        ShouldMatchGolden(JsonSerializer.Serialize(response, ContractsJson.Default.EnrollResponse), "enroll-response.json");
        ShouldMatchGolden(JsonSerializer.Serialize(renewal, ContractsJson.Default.RenewRequest), "renew-request.json");
    }

    [Fact]
    public void Unknown_members_are_ignored_and_the_kind_may_stand_anywhere()
    {
        const string Json = """{"commandId":"c","nodeId":"n","issuedAt":"2026-03-01T12:00:00Z","expiresAt":"2026-03-01T13:00:00Z","new":1,"body":{"targetDeploymentId":"d1","later":true,"kind":"cancel"}}""";

        var envelope = JsonSerializer.Deserialize(Json, ContractsJson.Default.CommandEnvelope).ShouldNotBeNull();

        envelope.Body.ShouldBe(new CancelCommand { TargetDeploymentId = "d1" });
    }

    [Fact]
    public void Lists_that_are_left_out_are_empty_and_not_null()
    {
        JsonSerializer.Deserialize("""{"step":"test","kind":"exit","message":"no"}""", ContractsJson.Default.Failure)!.Problems.ShouldBeEmpty();
        var heartbeat = JsonSerializer.Deserialize("""{"eventId":"e","nodeId":"n","occurredAt":"2026-03-01T12:00:00Z","body":{"kind":"heartbeat","agentVersion":"1","facts":{"hostName":"h","system":"s"}}}""", ContractsJson.Default.EventEnvelope)!;
        heartbeat.Body.ShouldBeOfType<Heartbeat>().Serving.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"kind":"format-disk"}""")]
    [InlineData("""{"targetDeploymentId":"d1"}""")]
    public void A_kind_nobody_knows_is_an_error_that_a_reader_can_answer(string body) =>
        Should.Throw<Exception>(() => JsonSerializer.Deserialize($$"""{"commandId":"c","nodeId":"n","issuedAt":"2026-03-01T12:00:00Z","expiresAt":"2026-03-01T13:00:00Z","body":{{body}}}""", ContractsJson.Default.CommandEnvelope))
            .ShouldBeAssignableTo<Exception>().ShouldSatisfyAllConditions(e => (e is JsonException or NotSupportedException).ShouldBeTrue(e.GetType().Name));

    private static void ShouldMatchGolden(string json, string file, [CallerFilePath] string here = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Golden", file);
        var pretty = JsonNode.Parse(json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, pretty);
        }

        pretty.ShouldBe(File.ReadAllText(path));
    }
}
