using System.Text;
using VpsPilot.Functions.Webhooks;

namespace VpsPilot.Functions.Tests.Webhooks;

public sealed class HmacSignatureTests
{
    private const string Secret = "It's a Secret to Everybody";
    private const string Published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("Hello, World!");

    [Fact]
    public void GitHubs_published_example_is_valid()
    {
        HmacSignature.IsValid(Published, "sha256=", Body, Secret).ShouldBeTrue();
        HmacSignature.IsValid("sha256=" + Published[7..].ToUpperInvariant(), "sha256=", Body, Secret).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18")]
    [InlineData("sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    public void Any_other_header_is_not(string? header)
    {
        HmacSignature.IsValid(header, "sha256=", Body, Secret).ShouldBeFalse();
    }

    [Fact]
    public void Another_body_or_secret_is_not()
    {
        HmacSignature.IsValid(Published, "sha256=", Encoding.UTF8.GetBytes("Hello, World?"), Secret).ShouldBeFalse();
        HmacSignature.IsValid(Published, "sha256=", Body, Secret + "!").ShouldBeFalse();
    }

    [Theory]
    [InlineData("secret", true)]
    [InlineData("Secret", false)]
    [InlineData("secret ", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_secret_that_is_sent_as_it_is_must_be_the_same(string? given, bool isSame) => HmacSignature.IsSame(given, "secret").ShouldBe(isSame);
}
