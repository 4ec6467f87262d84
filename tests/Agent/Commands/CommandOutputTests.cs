using VpsPilot.Agent.Commands;

namespace VpsPilot.Agent.Tests.Commands;

public sealed class CommandOutputTests
{
    [Fact]
    public void What_is_hidden_later_leaves_hidden_what_was_before()
    {
        var output = new CommandOutput(null);
        output.Hide(["old-value"]);
        output.Hide(["new-value"]);
        output.Write("old-value, new-value").ShouldBe("[redacted], [redacted]");
    }
}
