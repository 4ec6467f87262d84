using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.Functions.Hosting.Discovery;

namespace VpsPilot.Embedded.Functions.Hosting.Invocation;

/// <summary>Calls one function: middleware, arguments, instance, method, result. Made once per function.</summary>
internal sealed class FunctionInvoker
{
    private readonly FunctionMethod function;
    private readonly MethodInvoker method;
    private readonly ObjectFactory? createInstance;
    private readonly Func<EmbeddedFunctionContext, ValueTask<object?>>[] arguments;
    private readonly FunctionExecutionDelegate pipeline;

    public FunctionInvoker(FunctionMethod function, MiddlewarePipeline middleware)
    {
        this.function = function;
        method = MethodInvoker.Create(function.Method);
        createInstance = function.Method.IsStatic ? null : ActivatorUtilities.CreateFactory(function.Method.DeclaringType!, Type.EmptyTypes);
        arguments = [.. function.Method.GetParameters().Select(p => ArgumentBinder.For(p, function))];
        pipeline = middleware.Around(CallAsync);
    }

    public FunctionMethod Function => function;

    /// <summary>Runs the pipeline and returns the result.</summary>
    /// <param name="services">Services of the invocation.</param>
    /// <param name="triggerValue">What the trigger hands over.</param>
    /// <param name="bindingData">What the trigger tells beside it.</param>
    /// <param name="cancellation">Ends the invocation.</param>
    public async Task<object?> InvokeAsync(IServiceProvider services, object? triggerValue, IReadOnlyDictionary<string, object?>? bindingData = null, CancellationToken cancellation = default)
    {
        var context = new EmbeddedFunctionContext(function.Definition, services, bindingData ?? EmbeddedFunctionContext.NoBindingData, cancellation) { TriggerValue = triggerValue };
        if (triggerValue is HttpContext http)
        {
            context.Items[FunctionContextExtensions.HttpContextKey] = http;
        }

        await pipeline(context);
        return context.GetInvocationResult().Value;
    }

    private async Task CallAsync(FunctionContext invocation)
    {
        var context = (EmbeddedFunctionContext)invocation;
        var values = new object?[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = await arguments[i](context);
        }

        var instance = createInstance?.Invoke(context.InstanceServices, null);
        var returned = await ReturnValue.AwaitAsync(method.Invoke(instance, values.AsSpan()), function.Method.ReturnType);
        context.GetInvocationResult().Value = returned;
    }
}
