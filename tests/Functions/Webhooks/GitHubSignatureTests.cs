using System.Text;
using VpsPilot.Functions.Webhooks;

namespace VpsPilot.Functions.Tests.Webhooks;

public sealed class GitHubSignatureTests
{
    private const string Secret = "It's a Secret to Everybody";
    private const string Published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("Hello, World!");

    [Fact]
    public void GitHubs_published_example_is_valid()
    {
        GitHubSignature.IsValid(Published, Body, Secret).ShouldBeTrue();
        GitHubSignature.IsValid("sha256=" + Published[7..].ToUpperInvariant(), Body, Secret).ShouldBeTrue();
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
        GitHubSignature.IsValid(header, Body, Secret).ShouldBeFalse();
    }

    [Fact]
    public void Another_body_or_secret_is_not()
    {
        GitHubSignature.IsValid(Published, Encoding.UTF8.GetBytes("Hello, World?"), Secret).ShouldBeFalse();
        GitHubSignature.IsValid(Published, Body, Secret + "!").ShouldBeFalse();
    }
}
