using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Functions.Hosting.Invocation;

namespace VpsPilot.Embedded.Functions.Hosting.Http;

/// <summary>Serves HTTP functions at their routes.</summary>
internal static class HttpFunctions
{
    private static readonly string[] AllMethods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    public static void Map(IEndpointRouteBuilder endpoints, IEnumerable<FunctionInvoker> functions, HostJson host)
    {
        foreach (var function in functions)
        {
            if (function.Function.Trigger is HttpTriggerAttribute trigger)
            {
                var route = $"/{host.RoutePrefix}/{trigger.Route ?? function.Function.Name}".Replace("//", "/", StringComparison.Ordinal);
                endpoints.MapMethods(route, trigger.Methods is { Length: > 0 } some ? some.Select(m => m.ToUpperInvariant()) : AllMethods, http => ServeAsync(http, function, trigger, host));
            }
        }
    }

    private static async Task ServeAsync(HttpContext http, FunctionInvoker function, HttpTriggerAttribute trigger, HostJson host)
    {
        if (!http.RequestServices.GetRequiredService<AccessKeys>().Opens(http.Request, trigger.AuthLevel))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        // ASP.NET Core makes a span only when somebody collects them; the trace context must reach the orchestration in any case.
        using var span = Activity.Current is null ? HostTrace.Start(function.Function.Name, ActivityKind.Server, http.Request.Headers.TraceParent) : null;
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        if (host.FunctionTimeout is { } timeout)
        {
            limit.CancelAfter(timeout);
        }

        try
        {
            await WriteAsync(http, await function.InvokeAsync(http.RequestServices, http, http.Request.RouteValues, limit.Token));
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Results.Problem(e.Message, statusCode: e.StatusCode).ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            HostLog.FunctionFailed(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Host.Http"), function.Function.Name, e);
            await Results.Problem(statusCode: StatusCodes.Status500InternalServerError).ExecuteAsync(http);
        }
    }

    private static async Task WriteAsync(HttpContext http, object? result)
    {
        switch (result)
        {
            case IActionResult action:
                await action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            case IResult typed:
                await typed.ExecuteAsync(http);
                break;
            case KestrelResponseData data:
                await data.WriteAsync(http);
                break;
            case null:
                if (!http.Response.HasStarted && http.Response.StatusCode == StatusCodes.Status200OK)
                {
                    http.Response.StatusCode = StatusCodes.Status204NoContent;
                }

                break;
            case string text:
                http.Response.ContentType ??= "text/plain; charset=utf-8";
                await http.Response.WriteAsync(text, http.RequestAborted);
                break;
            default:
                await http.Response.WriteAsJsonAsync(result, result.GetType(), http.RequestAborted);
                break;
        }
    }
}
