using System.Text;
using CliWrap;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>The dashboard's own unit tests, run by npm.</summary>
public sealed class SourceTests
{
    [Fact(Timeout = 120_000)]
    public async Task Its_unit_tests_pass()
    {
        var output = new StringBuilder();
        var result = await Cli.Wrap("npm").WithArguments(["test", "--silent"]).WithWorkingDirectory(Repository.Dashboard).WithEnvironmentVariables(e => e.Set("CI", "1").Set("NO_COLOR", "1"))
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(output)).WithValidation(CommandResultValidation.None).ExecuteAsync();

        result.ExitCode.ShouldBe(0, output.ToString());
    }
}
