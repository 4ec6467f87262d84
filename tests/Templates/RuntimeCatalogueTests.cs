using CsCheck;
using VpsPilot.Templates.Catalogue;

namespace VpsPilot.Templates.Tests;

public sealed class RuntimeCatalogueTests
{
    [Theory]
    [InlineData("node", "20", "20")]
    [InlineData("node", "20.x", "20")]
    [InlineData("node", "v20.11.1", "20")]
    [InlineData("node", ">=20 <23", "22")]
    [InlineData("node", "^18.17 || ^20.3", "20")]
    [InlineData("node", "18 - 21", "21")]
    [InlineData("node", "<19", "18")]
    [InlineData("node", "~22.4.0", "22")]
    [InlineData("php", "8.2", "8.2")]
    [InlineData("php", "8.2.27", "8.2")]
    [InlineData("php", "^8.1", "8.5")]
    [InlineData("php", "~8.2", "8.2")]
    [InlineData("php", "7.4", "7.4")]
    [InlineData("python", "3", "3.14")]
    [InlineData("python", "3.1", null)]
    [InlineData("python", "3.x", "3.14")]
    [InlineData("python", ">=3.10,<3.13", "3.12")]
    [InlineData("ruby", "~> 3.2", "3.4")]
    [InlineData("ruby", "~> 3.2.1", "3.2")]
    [InlineData("go", "1.24", "1.24")]
    [InlineData("node", "25", null)]
    [InlineData("node", "latest", null)]
    [InlineData("node", "", null)]
    public void A_version_is_found_as_people_write_it(string runtime, string wanted, string? found)
    {
        var pinned = RuntimeCatalogue.Resolve(runtime, wanted, allowInsecure: false, out var failure);

        pinned?.Version.ShouldBe(found);
        (failure is null).ShouldBe(found is not null);
    }

    [Fact]
    public void A_version_that_nixpkgs_marks_insecure_needs_consent_and_then_gets_its_permits()
    {
        RuntimeCatalogue.Resolve("node", "16", allowInsecure: false, out var failure).ShouldBeNull();
        failure.ShouldNotBeNull().Hint.ShouldNotBeNull().ShouldContain("allow_insecure");

        var pinned = RuntimeCatalogue.Resolve("node", "16", allowInsecure: true, out _).ShouldNotBeNull();
        pinned.Nixpkgs.ShouldBe("nixos-23.05");
        pinned.Permits.ShouldBe(["nodejs-16.20.2"]);
    }

    [Fact]
    public void Consent_changes_nothing_for_versions_that_need_none()
    {
        foreach (var runtime in (string[])["node", "php", "python", "go", "ruby"])
        {
            foreach (var version in RuntimeCatalogue.VersionsOf(runtime))
            {
                if (RuntimeCatalogue.Resolve(runtime, version, allowInsecure: false, out _) is { } pinned)
                {
                    pinned.Permits.ShouldBeEmpty();
                    RuntimeCatalogue.Resolve(runtime, version, allowInsecure: true, out _).ShouldBeEquivalentTo(pinned);
                }
            }
        }
    }

    [Fact]
    public void A_range_takes_a_version_without_consent_where_it_has_one() =>
        RuntimeCatalogue.Resolve("ruby", ">=2.7 <3.2", allowInsecure: false, out _).ShouldNotBeNull().Version.ShouldBe("3.1");

    [Fact]
    public void Whatever_is_written_as_a_version_is_answered() => Gen.OneOf(
        Gen.String,
        Gen.OneOfConst("20", ">=", "<", "^", "~>", ".", "x", "||", " - ", " ", "*", "99999999999", "-1", "v", ",").List[0, 8].Select(string.Concat))
        .Sample(text => (RuntimeCatalogue.Resolve("node", text, false, out var failure) is null).ShouldBe(failure is not null), seed: "0000KOIPe036");
}
