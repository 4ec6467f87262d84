using System.Collections.Concurrent;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace VpsPilot.Embedded.Functions.Tests.Sample;

/// <summary>What the sample functions did.</summary>
public sealed class Journal
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyList<string> Lines => [.. lines];

    public void Add(string line) => lines.Enqueue(line);

    public async Task WaitForAsync(string line, CancellationToken ct)
    {
        while (!lines.Contains(line))
        {
            await Task.Delay(20, ct);
        }
    }
}

/// <summary>Notes the order, and answers itself when a request asks for it.</summary>
public sealed class FirstMiddleware(Journal journal) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext()?.Request.Query.ContainsKey("short") == true)
        {
            context.GetInvocationResult().Value = new ContentResult { Content = "short", StatusCode = 418 };
            return;
        }

        if (context.GetHttpContext() is not null)
        {
            journal.Add("first in");
        }

        await next(context);
        if (context.GetHttpContext() is not null)
        {
            journal.Add("first out");
        }
    }
}

public sealed class SecondMiddleware(Journal journal) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not null)
        {
            journal.Add("second in");
        }

        await next(context);
    }
}
