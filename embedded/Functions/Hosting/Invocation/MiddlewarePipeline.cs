using Microsoft.Azure.Functions.Worker.Middleware;

namespace VpsPilot.Embedded.Functions.Hosting.Invocation;

/// <summary>The middleware in the order it was added.</summary>
internal sealed class MiddlewarePipeline
{
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> components = [];

    public void Add(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> component) => components.Add(component);

    /// <summary>The pipeline around its innermost part.</summary>
    public FunctionExecutionDelegate Around(FunctionExecutionDelegate innermost) =>
        Enumerable.Reverse(components).Aggregate(innermost, (next, component) => component(next));
}
