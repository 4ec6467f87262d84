using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using VpsPilot.Functions.Hosting;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Tests.Hosting;

/// <summary>The files that the Functions host reads beside the app.</summary>
public sealed class HostFilesTests
{
    private static readonly JsonNode Host = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")))!;

    [Fact]
    public void The_settings_of_the_example_are_all_that_the_app_needs()
    {
        var values = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "functions/local.settings.json.example")))!["Values"]!.AsObject();

        var options = ControlPlaneOptions.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(v => new KeyValuePair<string, string?>(v.Key.Replace("__", ":", StringComparison.Ordinal), (string?)v.Value))).Build());

        ((string?)values["FUNCTIONS_WORKER_RUNTIME"], (string?)values["AzureWebJobsStorage"]).ShouldBe(("dotnet-isolated", options.StorageAccount));
        QueueConnectionOptions.Parse(options.ServiceBusConnection!).Endpoint.ShouldBe(new Uri("amqp://localhost:5672"));
        options.ServiceBusManagementEndpoint.ShouldNotBeNull();
    }

    [Fact]
    public void The_api_is_where_the_routes_say_and_streams_end_before_the_host_would_end_them()
    {
        var bicep = File.ReadAllText(Path.Combine(Repository.Root, "infra/azure/modules/functions.bicep"));

        ((string?)Host["version"], (string?)Host["extensions"]!["http"]!["routePrefix"]).ShouldBe(("2.0", ""));
        var limit = TimeSpan.Parse((string)Host["functionTimeout"]!, null);
        bicep.ShouldContain("Streams__Limit: '00:08:00'");
        limit.ShouldBeGreaterThan(TimeSpan.FromMinutes(8));
    }
}
