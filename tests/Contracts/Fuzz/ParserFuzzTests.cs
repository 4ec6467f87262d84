using System.Text;
using VpsPilot.Contracts.Config;
using VpsPilot.Testing;

namespace VpsPilot.Contracts.Tests.Fuzz;

public sealed class ParserFuzzTests
{
    private const string Config = """
        { "type": "nodejs", "name": "shop", "root": "web", "runtime": { "node": "20" }, "build": { "commands": ["npm ci"], "timeout": "10m" },
          "test": { "commands": ["npm test"] }, "start": { "command": "node server.js" }, "env": { "URL": "db://{{PASSWORD}}@x", "N": "1" },
          "persist": ["uploads"], "domains": ["shop.example.com"], "deployment": { "health_check": { "path": "/up", "interval": "1s", "retries": 3 }, "watch": "60s" },
          "resources": { "memory_max": "512M", "cpu_quota": 80 }, "nix": { "packages": ["jq"] } }
        """;

    [Fact]
    public void The_config_parser_answers_any_bytes_with_a_config_or_with_mistakes() =>
        Fuzzing.Feed("config", Fuzzing.Near(Config, """{ "type": "static" }""", "{\"type\":\"django\",\"processes\":{\"worker\":{\"command\":\"x\"}}}"), bytes =>
        {
            var (config, failure) = ConfigParser.Parse(bytes);
            (config is null).ShouldBe(failure is not null);
            if (config is not null)
                Placeholders.Resolve(config.Env, new Dictionary<string, string> { ["PASSWORD"] = "x" }, out _);
        }, Fuzzing.Inputs());

    [Fact]
    public void A_signed_message_is_read_or_is_none()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var publicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        var good = Encoding.UTF8.GetString(SignedMessage.Sign("""{"eventId":"e"}""", "web-1", key).ToBytes());
        Fuzzing.Feed("signed message", Fuzzing.Near(good, """{"payload":"","keyId":"","signature":""}"""), bytes =>
        {
            if (SignedMessage.Parse(bytes) is { Payload: not null, Signature: not null } message && message.IsSignedBy(publicKey))
                message.Payload.ShouldBe("""{"eventId":"e"}""");
        }, Fuzzing.Inputs());
    }

    [Fact]
    public void A_sealed_box_that_was_changed_opens_for_nobody()
    {
        using var key = System.Security.Cryptography.ECDiffieHellman.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var box = SealedBox.Seal(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), "value"u8, "command-1");
        var json = System.Text.Json.JsonSerializer.Serialize(box, ContractsJson.Default.SealedBox);
        Fuzzing.Feed("sealed box", Fuzzing.Near(json), bytes =>
        {
            try
            {
                if (System.Text.Json.JsonSerializer.Deserialize(bytes, ContractsJson.Default.SealedBox) is { EphemeralKey: not null, Nonce: not null, Ciphertext: not null } read)
                    Encoding.UTF8.GetString(read.Open(key, "command-1")).ShouldBe("value");
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or FormatException or System.Security.Cryptography.CryptographicException or ArgumentException)
            {
                // What callers are told to expect.
            }
        }, Fuzzing.Inputs());
    }
}
