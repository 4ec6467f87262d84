using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace VpsPilot.Infra.Tests.GitHub;

/// <summary>The action's declaration and its script fit each other; what the script does is tested against the control plane.</summary>
public sealed partial class DeployActionTests
{
    private const string Folder = "infra/github/deploy";

    private static readonly YamlMappingNode Declaration = Yaml.Read($"{Folder}/action.yml");
    private static readonly YamlNode Step = Declaration.Find("runs")!.Find("steps").Items().Single();
    private static readonly string Script = File.ReadAllText(Yaml.PathOf($"{Folder}/deploy.sh"));

    [Fact]
    public void It_is_a_composite_action_whose_parts_say_what_they_are()
    {
        Declaration.Entries().Select(e => e.Key).ShouldBe(["name", "description", "inputs", "outputs", "runs"]);
        Declaration.Find("runs")!.Text("using").ShouldBe("composite");
        Step.Text("shell").ShouldBe("bash");
        foreach (var (name, part) in Declaration.Find("inputs").Entries().Concat(Declaration.Find("outputs").Entries()))
        {
            part.Text("description").ShouldNotBeNullOrEmpty(name);
        }

        foreach (var (name, input) in Declaration.Find("inputs").Entries())
        {
            (input.Text("required") == "true" || input.Find("default") is not null).ShouldBeTrue(name);
        }
    }

    [Fact]
    public void Every_input_is_used_and_every_variable_of_the_script_is_given()
    {
        var used = Step.Find("env").Entries().SelectMany(e => Inputs().Matches(e.Value.ToString())).Select(m => m.Groups["name"].Value).ToList();
        used.ShouldBe(Declaration.Find("inputs").Entries().Select(i => i.Key), ignoreOrder: true);

        var given = Step.Find("env").Entries().Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        Variables().Matches(Script).Select(m => m.Value).Distinct().Where(v => v is not "VPSPILOT_INTERVAL").ShouldBeSubsetOf(given);
        Step.Text("run")!.ShouldNotContain("${{");
    }

    [Fact]
    public void Every_output_is_one_that_the_script_writes()
    {
        foreach (var (name, output) in Declaration.Find("outputs").Entries())
        {
            output.Text("value").ShouldBe($"${{{{ steps.{Step.Text("id")}.outputs.{name} }}}}");
            Script.ShouldContain($"{name}=%s");
        }
    }

    [Fact]
    public void The_script_may_be_run() => File.GetUnixFileMode(Yaml.PathOf($"{Folder}/deploy.sh")).HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();

    [GeneratedRegex(@"inputs\.(?<name>[a-z-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inputs();

    [GeneratedRegex(@"VPSPILOT_[A-Z]+(?:_[A-Z]+)*\b", RegexOptions.None, 1000)]
    private static partial Regex Variables();
}
