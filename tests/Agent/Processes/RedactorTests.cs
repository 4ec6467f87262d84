using System.Text;
using System.Text.Json;
using CsCheck;
using VpsPilot.Agent.Processes;

namespace VpsPilot.Agent.Tests.Processes;

public sealed class RedactorTests
{
    [Fact]
    public void A_value_is_taken_out_wherever_it_stands() =>
        new Redactor(["s3cr3t/+ü"]).Redact("a s3cr3t/+ü b=s3cr3t/+ü.").ShouldBe("a [redacted] b=[redacted].");

    [Fact]
    public void Encoded_forms_leave_nothing_of_the_value()
    {
        const string Secret = "pa$$ word \"x\" 12";
        var redactor = new Redactor([Secret]);
        redactor.Redact(Uri.EscapeDataString(Secret)).ShouldBe("[redacted]");
        redactor.Redact(JsonSerializer.Serialize(Secret, JsonOptions)).ShouldBe("\"[redacted]\"");
        redactor.Redact(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))).ShouldBe("[redacted]");
    }

    [Fact]
    public void Base64_of_a_text_that_holds_the_value_hides_it_at_every_offset() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 7]).Sample(
            (before, after) =>
            {
                const string Secret = "correct horse battery";
                var text = new string('p', before) + Secret + new string('q', after);
                var shown = new Redactor([Secret]).Redact("x: " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
                shown.ShouldContain("[redacted]");
                foreach (var part in shown.Replace("x: ", "").Split("[redacted]", StringSplitOptions.RemoveEmptyEntries))
                    Encoding.UTF8.GetString(Convert.FromBase64String(part[..(part.Length / 4 * 4)])).ShouldNotContain("corr");
            },
            seed: "0000KeCFbhj4", iter: 200);

    [Fact]
    public void Each_long_line_of_a_value_with_several_is_taken_out() =>
        new Redactor(["-----BEGIN-----\nMIIEvQIBADAN\n-----END-----\n"]).Redact("key MIIEvQIBADAN end").ShouldBe("key [redacted] end");

    [Fact]
    public void The_longer_of_two_values_goes_first() => new Redactor(["token", "token-long"]).Redact("token-long token").ShouldBe("[redacted] [redacted]");

    [Fact]
    public void A_very_short_value_is_not_hunted_for() => new Redactor(["1", "", "  "]).Redact("1 + 1").ShouldBe("1 + 1");

    private static readonly JsonSerializerOptions JsonOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
