using System.Security.Cryptography;
using VpsPilot.Contracts;
using VpsPilot.Functions.Nodes;

namespace VpsPilot.Functions.Tests.Nodes;

public sealed class VerificationKeysTests
{
    private readonly VerificationKeys keys = new();
    private readonly ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void A_key_that_was_read_before_answers_as_at_the_first_time()
    {
        var message = SignedMessage.Sign("{}", "web-1", signer);

        for (var time = 0; time < 3; time++)
        {
            keys.HasSigned(Public(signer), message).ShouldBeTrue();
            keys.HasSigned(Public(other), message).ShouldBeFalse();
            keys.HasSigned(Public(signer), message with { Payload = "{ }" }).ShouldBeFalse();
            keys.HasSigned(Public(signer), message with { Signature = "?" }).ShouldBeFalse();
            keys.HasSigned("no key", message).ShouldBeFalse();
        }
    }

    [Fact]
    public void Many_threads_may_ask_for_one_node()
    {
        var good = SignedMessage.Sign("{}", "web-1", signer);
        var bad = good with { Payload = "[]" };

        Parallel.For(0, 2000, i => keys.HasSigned(Public(signer), i % 2 == 0 ? good : bad).ShouldBe(i % 2 == 0));
    }

    private static string Public(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
}
