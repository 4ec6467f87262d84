using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace VpsPilot.Embedded.Broker.Tests;

/// <summary>Clients that were not made for this broker: the official Service Bus SDK for JavaScript, and rhea.</summary>
public sealed class ForeignClientTests(ITestOutputHelper output)
{
    private static readonly SemaphoreSlim Installing = new(1, 1);

    [Fact]
    public Task The_official_Service_Bus_SDK_works_against_the_broker() => ProveAsync(
        "service-bus.mjs",
        "send, receive, complete", "batch", "large message", "abandon", "renew", "dead-letter", "schedule, peek, cancel",
        "receive and delete", "time to live", "lost lock", "subscribe", "refusals");

    [Fact]
    public Task The_official_Service_Bus_SDK_does_what_applications_do_with_it() => ProveAsync(
        "service-bus-more.mjs",
        "all that a message has", "batches", "senders side by side", "receivers that close and open", "waiting for a message", "peek and iterate",
        "scheduled messages", "dead letters by count and by time", "duplicates", "subscribe with automatic completion and renewal", "sessions and deferral refused");

    [Fact]
    public Task Rhea_works_against_the_broker() => ProveAsync(
        "rhea.mjs",
        "plain, send, receive, release, modify", "renew", "reject to dead letters", "drain", "lock lost at close, settled on the second",
        "schedule", "too large", "tokens and rights", "flood");

    [Fact]
    public async Task The_official_administration_client_works_against_the_management_API()
    {
        await InstallAsync();
        var folder = Directory.CreateTempSubdirectory("broker-");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddEmbeddedBroker(options =>
        {
            options.DatabasePath = Path.Combine(folder.FullName, "broker.db");
            options.AmqpEndpoint = new Uri("amqp://127.0.0.1:0");
            options.RootKey = BrokerFixture.RootKey;
        });
        await using (var app = builder.Build())
        {
            app.MapBrokerManagement();
            await app.StartAsync();
            await ProveAsync("administration.mjs", new Uri(app.Urls.First()).Port, "create, get", "update", "list, count", "delete, refuse");
            await app.StopAsync();
        }
        folder.Delete(recursive: true);
    }

    private async Task ProveAsync(string script, params string[] steps)
    {
        await InstallAsync();
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        await fixture.Broker.CreateQueueAsync("short-lock", new QueueSettings { LockDuration = TimeSpan.FromSeconds(1) });
        await fixture.Broker.CreateQueueAsync("poison", new QueueSettings { MaxDeliveryCount = 3, DeadLetterOnExpiration = true });
        await fixture.Broker.CreateQueueAsync("unique", new QueueSettings { RequiresDuplicateDetection = true });
        await fixture.Broker.CreateQueueAsync("guarded", new QueueSettings { Rules = [new("listener", "bGlzdGVu", "", AccessRights.Listen)] });

        await ProveAsync(script, fixture.Broker.AmqpEndpoint.Port, steps);
    }

    private async Task ProveAsync(string script, int port, params string[] steps)
    {
        var (code, text) = await RunAsync("node", TimeSpan.FromSeconds(60), script, $"{port}", BrokerFixture.RootKey);

        output.WriteLine(text);
        code.ShouldBe(0, text);
        text.Split('\n').Where(line => line.StartsWith("proven: ", StringComparison.Ordinal)).Select(line => line["proven: ".Length..]).ShouldBe(steps);
    }

    private static async Task InstallAsync()
    {
        await Installing.WaitAsync();
        try
        {
            if (File.Exists(Path.Combine(Folder(), "node_modules", ".package-lock.json")))
                return;
            var (code, text) = await RunAsync("npm", TimeSpan.FromMinutes(3), "ci", "--no-audit", "--no-fund");
            code.ShouldBe(0, text);
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<(int Code, string Text)> RunAsync(string file, TimeSpan limit, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Folder(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var outputText = process.StandardOutput.ReadToEndAsync();
        var errorText = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{file} did not end in {limit}.\n{await outputText}\n{await errorText}");
        }
        return (process.ExitCode, await outputText + await errorText);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "foreign");
}
