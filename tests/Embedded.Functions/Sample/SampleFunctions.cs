using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace VpsPilot.Embedded.Functions.Tests.Sample;

/// <summary>A functions app as a user writes one.</summary>
public sealed class SampleFunctions(Journal journal)
{
    [Function("Text")]
    public static string Text([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "text/{name}/{number:int}")] HttpRequest request, string name, int number) => $"{name} {number} {request.Query["q"]}";

    [Function("Poco")]
    public static Task<Greeting> Poco([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "poco")] HttpRequest request) => Task.FromResult(new Greeting("hello", 3));

    [Function("Body")]
    public static IActionResult Body([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "body")] Greeting greeting) => new ContentResult { Content = greeting.Text + greeting.Count, StatusCode = 201 };

    [Function("Nothing")]
    public static void Nothing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "nothing")] HttpRequest request)
    {
    }

    [Function("Stream")]
    public static async Task Stream([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "stream")] HttpRequest request)
    {
        for (var i = 0; i < 3; i++)
        {
            await request.HttpContext.Response.WriteAsync($"line {i}\n");
            await request.HttpContext.Response.Body.FlushAsync();
        }
    }

    [Function("Pieces")]
    public IActionResult Pieces([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pieces")] HttpRequest request) => new Piecewise(journal);

    [Function("Throws")]
    public static string Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throws")] HttpRequest request) => throw new InvalidOperationException("the inside");

    [Function("Slow")]
    public static async Task<string> Slow([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "slow")] HttpRequest request, CancellationToken ct)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMinutes(1), ct);
            return "waited";
        }
        catch (OperationCanceledException)
        {
            return "timed out";
        }
    }

    [Function("Guarded")]
    public static string Guarded([HttpTrigger(AuthorizationLevel.Function, "get", Route = "guarded")] HttpRequest request) => "function";

    [Function("AdminOnly")]
    public static string AdminOnly([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "adminonly")] HttpRequest request) => "admin";

    [Function("StartHello")]
    public static async Task<HttpResponseData> StartHello([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "hello/{name}")] HttpRequestData request, string name, [DurableClient] DurableTaskClient client)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Hello", name);
        return await client.CreateCheckStatusResponseAsync(request, id);
    }

    [Function("Hello")]
    public static async Task<string> Hello([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var name = context.GetInput<string>()!;
        var hello = await context.CallActivityAsync<string>("SayHello", name);
        return name == "wait" ? hello + await context.WaitForExternalEvent<string>("more") : hello;
    }

    [Function("Typed")]
    public static Task<string> Typed([OrchestrationTrigger] TaskOrchestrationContext context, Greeting input) =>
        input.Count < 0 ? throw new InvalidOperationException("as asked") : context.CallActivityAsync<string>("WhoCalls", input.Text);

    [Function("WhoCalls")]
    public static string WhoCalls([ActivityTrigger] string text, string instanceId) => $"{text} {instanceId}";

    [Function("Overlong")]
    public static Task<string> Overlong([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>("Endless");

    [Function("Endless")]
    public static async Task<string> Endless([ActivityTrigger] string? nothing, CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        return "never";
    }

    [Function("LongWork")]
    public static Task<string> LongWork([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>("GivesWay");

    [Function("GivesWay")]
    public async Task<string> GivesWay([ActivityTrigger] string? nothing, FunctionContext context)
    {
        journal.Add("work began");
        await journal.WaitForAsync("work may end", context.CancellationToken);
        return "done";
    }

    [Function("EndlessTimer")]
    public async Task EndlessTimer([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer, CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        journal.Add("timer out of time");
    }

    [Function("SayHello")]
    public string SayHello([ActivityTrigger] string name, FunctionContext context)
    {
        journal.Add($"activity {context.FunctionDefinition.Name}");
        journal.Add($"trace {name} {Activity.Current?.TraceId}");
        return $"Hello {name}!";
    }

    [Function("OnText")]
    public async Task OnText([ServiceBusTrigger("texts", Connection = "ServiceBusConnection")] string text, FunctionContext context)
    {
        journal.Add($"trace {text} {Activity.Current?.TraceId}");
        journal.Add($"text {text} {context.BindingContext.BindingData["DeliveryCount"]}");
        await Task.Delay(text.StartsWith("slow", StringComparison.Ordinal) ? 700 : 0);
        if (text.StartsWith("bad", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("poison");
        }

        journal.Add($"done {text}");
    }

    [Function("OnBatch")]
    public void OnBatch([ServiceBusTrigger("%BatchQueue%", Connection = "ServiceBusConnection", IsBatched = true)] Greeting[] greetings) => journal.Add($"batch {greetings.Sum(g => g.Count)}");

    [Function("EverySecond")]
    public void EverySecond([TimerTrigger("*/1 * * * * *")] TimerInfo timer) => journal.Add($"tick {timer.IsPastDue}");

    [Function("AtStart")]
    public void AtStart([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => journal.Add("started");
}

public sealed record Greeting(string Text, int Count);
