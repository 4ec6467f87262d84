using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace VpsPilot.Infra.Tests.GitHub;

public sealed partial class WorkflowTests
{
    private const string File = ".github/workflows/ci.yml";

    private static readonly YamlMappingNode Workflow = Yaml.Read(File);

    [Fact]
    public void It_has_the_parts_of_a_workflow_and_few_rights()
    {
        Workflow.Entries().Select(e => e.Key).ShouldBeSubsetOf(["name", "on", "permissions", "concurrency", "env", "jobs"]);
        Workflow.Find("on").Entries().Select(e => e.Key).ShouldBe(["push", "pull_request"]);
        Workflow.Find("permissions").Entries().Select(e => (e.Key, e.Value.ToString())).ShouldBe([("contents", "read")]);
    }

    [Fact]
    public void Every_job_runs_somewhere_ends_some_time_and_needs_jobs_that_exist()
    {
        var jobs = Workflow.Find("jobs").Entries().ToDictionary(j => j.Key, j => j.Value, StringComparer.Ordinal);
        jobs.Keys.ShouldBe(["test", "lint", "publish"]);
        foreach (var (name, job) in jobs)
        {
            job.Text("runs-on").ShouldNotBeNullOrEmpty(name);
            int.Parse(job.Text("timeout-minutes") ?? "0").ShouldBeInRange(1, 120, name);
            job.Find("needs").Items().Select(n => n.ToString()).ShouldBeSubsetOf(jobs.Keys);
        }
    }

    [Fact]
    public void Every_step_does_one_thing_and_puts_no_expression_into_a_script()
    {
        foreach (var step in Steps())
        {
            (step.Find("uses") is null).ShouldBe(step.Find("run") is not null, step.ToString());
            if (step.Text("uses") is { } action)
            {
                Action().IsMatch(action).ShouldBeTrue(action);
            }

            (step.Text("run") ?? "").ShouldNotContain("${{");
        }
    }

    [Fact]
    public void Every_make_target_that_it_runs_is_one()
    {
        var makefile = System.IO.File.ReadAllText(Yaml.PathOf("Makefile"));
        var targets = Steps().SelectMany(s => Make().Matches(s.Text("run") ?? "")).Select(m => m.Groups["target"].Value).Distinct().ToList();

        targets.ShouldBe(["test", "lint", "azure-check", "release"], ignoreOrder: true);
        targets.ShouldAllBe(t => Regex.IsMatch(makefile, $"^{t}:", RegexOptions.Multiline, TimeSpan.FromSeconds(1)));
    }

    private static IEnumerable<YamlNode> Steps() => Workflow.Find("jobs").Entries().SelectMany(j => j.Value.Find("steps").Items());

    [GeneratedRegex("^[a-z-]+/[a-z-]+@v[0-9]+$", RegexOptions.None, 1000)]
    private static partial Regex Action();

    [GeneratedRegex(@"\bmake (?<target>[a-z-]+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Make();
}
