using System.Text.Json.Nodes;

namespace VpsPilot.Functions.Tests.Hosting;

/// <summary>What <c>host.json</c> has to say to Azure, where no test of ours runs.</summary>
public sealed class HostJsonTests
{
    private readonly JsonNode host = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!;

    [Fact]
    public void Events_for_orchestrations_that_have_ended_are_no_error() => ((bool)host["extensions"]!["durableTask"]!["throwStatusExceptionsOnRaiseEvent"]!).ShouldBeFalse();

    [Fact]
    public void Exports_imports_and_whole_logs_have_half_an_hour() => TimeSpan.Parse((string)host["functionTimeout"]!, null).ShouldBe(TimeSpan.FromMinutes(30));
}
