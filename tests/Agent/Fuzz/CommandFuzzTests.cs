using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Tests.Enrollment;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Testing;

namespace VpsPilot.Agent.Tests.Fuzz;

public sealed class CommandFuzzTests : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void Any_message_is_taken_or_refused_and_what_is_taken_is_usable()
    {
        var check = Check();
        Fuzzing.Feed("command message", Fuzzing.Near([.. Commands().Select(c => SignedMessage.Sign(c, SignedMessage.ControlPlane, key).ToBytes())]),
            bytes => Judge(check.Check(bytes)), Fuzzing.Inputs());
    }

    [Fact]
    public void A_signed_envelope_may_be_any_text()
    {
        var check = Check();
        Fuzzing.Feed("signed envelope", Fuzzing.Near([.. Commands()]),
            bytes => Judge(check.Check(SignedMessage.Sign(Encoding.UTF8.GetString(bytes), SignedMessage.ControlPlane, key).ToBytes())), Fuzzing.Inputs());
    }

    public void Dispose() => key.Dispose();

    private CommandCheck Check()
    {
        var identity = TestIdentity.For(new Uri("http://127.0.0.1/"));
        return new(identity with { Enrollment = TestIdentity.Response(commandKey: Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())) }, TimeProvider.System);
    }

    private static IEnumerable<string> Commands()
    {
        Command[] bodies =
        [
            new BuildCommand { Repository = "https://example.org/a.git", Branch = "main", Commit = new string('a', 40), Environment = new SealedBox("a2V5", "bg==", "Yw==") },
            new ActivateCommand { ReleaseId = "d1", TrafficPercent = 5 }, new RollBackCommand { Reason = "r", Generation = 3 }, new RunCommand { CommandLine = "x" }, new RotateKeysCommand(), new MoveCommand { Url = "https://x", CommandKey = "k" },
        ];
        return bodies.Select((b, i) => JsonSerializer.Serialize(ControlPlaneStandIn.Command($"d{i}.x.n1", b), ContractsJson.Default.CommandEnvelope));
    }

    private static void Judge(CheckedCommand result)
    {
        (result.Command is null).ShouldBe(result.Refusal is not null);
        if (result.Command is { } command)
        {
            command.Body.ShouldNotBeNull();
            command.CommandId.ShouldNotContain('/');
            (command.ProjectId ?? "").ShouldNotContain('/');
            (command.DeploymentId ?? "").ShouldNotContain('.');
        }
    }
}
