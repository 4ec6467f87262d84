using VpsPilot.Agent.Units;

namespace VpsPilot.Agent.Tests.Units;

public sealed class SystemUsersTests
{
    [Fact]
    public void A_user_is_named_after_its_project() => SystemUsers.Of("hello-node").ShouldBe("vpspilot-hello-node");

    [Fact]
    public void Long_names_are_shortened_and_stay_different()
    {
        var (one, two) = (SystemUsers.Of(new string('a', 40)), SystemUsers.Of(new string('a', 39) + "b"));
        one.Length.ShouldBe(31);
        two.Length.ShouldBe(31);
        one.ShouldNotBe(two);
    }

    [Fact]
    public void A_project_cannot_have_the_user_that_builds() => SystemUsers.BuilderOf("build").ShouldNotBe(SystemUsers.Of("build"));
}
