using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace VpsPilot.Contracts.Tests.Security;

public sealed class SealTests
{
    private readonly ECDiffieHellman node = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    private string PublicKey => Convert.ToBase64String(node.ExportSubjectPublicKeyInfo());

    [Fact]
    public void What_is_sealed_opens_for_its_node_and_its_command_alone() => Gen.Select(Gen.Byte.Array[0, 300], Gen.String[1, 20]).Sample(
        (plain, context) =>
        {
            var box = SealedBox.Seal(PublicKey, plain, context);
            using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

            box.Open(node, context).ShouldBe(plain);
            Should.Throw<CryptographicException>(() => box.Open(other, context));
            Should.Throw<CryptographicException>(() => box.Open(node, context + "x"));
        },
        seed: "0000KOIPe036", iter: 50);

    [Fact]
    public void Any_changed_byte_is_found()
    {
        var box = SealedBox.Seal(PublicKey, Encoding.UTF8.GetBytes("a secret value"), "c1");
        var bytes = Convert.FromBase64String(box.Ciphertext);
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            Should.Throw<CryptographicException>(() => (box with { Ciphertext = Convert.ToBase64String(changed) }).Open(node, "c1"));
        }

        Should.Throw<CryptographicException>(() => (box with { Ciphertext = "AAAA" }).Open(node, "c1"));
    }

    [Fact]
    public void The_same_value_never_looks_the_same_twice()
    {
        var one = SealedBox.Seal(PublicKey, [1, 2, 3], "c1");
        var two = SealedBox.Seal(PublicKey, [1, 2, 3], "c1");

        one.Ciphertext.ShouldNotBe(two.Ciphertext);
        one.EphemeralKey.ShouldNotBe(two.EphemeralKey);
    }
}

public sealed class SignedMessageTests
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string PublicKey => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    [Fact]
    public void A_message_survives_the_queue_with_its_signature()
    {
        var message = SignedMessage.Sign("{\"text\":\"ünïcödé \\u0000 \\\"\"}", SignedMessage.ControlPlane, key);

        var read = SignedMessage.Parse(message.ToBytes()).ShouldNotBeNull();

        read.ShouldBe(message);
        read.IsSignedBy(PublicKey).ShouldBeTrue();
    }

    [Fact]
    public void A_changed_payload_another_key_and_nonsense_are_not_signed()
    {
        var message = SignedMessage.Sign("payload", "node-1", key);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        (message with { Payload = "payload " }).IsSignedBy(PublicKey).ShouldBeFalse();
        message.IsSignedBy(Convert.ToBase64String(other.ExportSubjectPublicKeyInfo())).ShouldBeFalse();
        (message with { Signature = "not base64!" }).IsSignedBy(PublicKey).ShouldBeFalse();
        (message with { Signature = "" }).IsSignedBy(PublicKey).ShouldBeFalse();
        message.IsSignedBy("no key").ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    public void What_is_no_message_is_null(string text) => SignedMessage.Parse(Encoding.UTF8.GetBytes(text)).ShouldBeNull();
}
