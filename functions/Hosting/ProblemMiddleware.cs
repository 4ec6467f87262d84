using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Hosting;

/// <summary>Answers an HTTP call whose function threw with a problem that tells nothing of the inside; the log has the exception.</summary>
internal sealed class ProblemMiddleware(ILogger<ProblemMiddleware> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        // Whoever opens an answer in a browser gets what its type says, and no page of somebody's log.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            context.GetInvocationResult().Value = Answers.Problem(499, "request-aborted", "The caller went away.");
        }
        catch (Exception e)
        {
            logger.FunctionFailed(e, context.FunctionDefinition.Name);
            context.GetInvocationResult().Value = Answers.Problem(500, "internal", "Something went wrong in VPS Pilot.", $"The log has more under invocation {context.InvocationId}.");
        }
    }
}
