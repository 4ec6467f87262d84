using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VpsPilot.Embedded.Functions.Hosting.Discovery;
using VpsPilot.Embedded.Functions.Hosting.Http;

namespace VpsPilot.Embedded.Functions.Hosting.Invocation;

/// <summary>Decides once how each parameter of a function gets its value.</summary>
internal static class ArgumentBinder
{
    /// <summary>What an activity function can ask for beside its input: the id of the orchestration that called it.</summary>
    public const string InstanceId = "instanceId";

    /// <exception cref="InvalidOperationException">Nothing can be bound to the parameter.</exception>
    public static Func<EmbeddedFunctionContext, ValueTask<object?>> For(ParameterInfo parameter, FunctionMethod function)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
        {
            return context => new(context);
        }

        if (type == typeof(CancellationToken))
        {
            return context => new(context.CancellationToken);
        }

        if (type == typeof(HttpRequest))
        {
            return context => new(context.GetHttpContext()!.Request);
        }

        if (type == typeof(HttpRequestData))
        {
            return context => new(new KestrelRequestData(context, context.GetHttpContext()!));
        }

        if (type == typeof(HttpContext))
        {
            return context => new(context.GetHttpContext());
        }

        if (type == typeof(DurableTaskClient) || parameter.GetCustomAttribute<DurableClientAttribute>() is not null)
        {
            return context => new(context.InstanceServices.GetRequiredService<DurableTaskClient>());
        }

        if (parameter.Name == function.TriggerParameter.Name)
        {
            return function.Trigger is HttpTriggerAttribute ? BodyAs(type) : context => new(context.TriggerValue);
        }

        if (function.Trigger is OrchestrationTriggerAttribute)
        {
            return OrchestrationInput(type);
        }

        return function.Trigger is HttpTriggerAttribute
            ? parameter.GetCustomAttributes().Any(a => a.GetType().Name == "FromBodyAttribute") ? BodyAs(type) : RouteValue(parameter, function)
            : BindingData(parameter, function);
    }

    private static Func<EmbeddedFunctionContext, ValueTask<object?>> BodyAs(Type type) => async context =>
    {
        var http = context.GetHttpContext()!;
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            return await http.Request.ReadFromJsonAsync(type, options, http.RequestAborted);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The body is not the JSON that is expected.", e);
        }
    };

    private static Func<EmbeddedFunctionContext, ValueTask<object?>> RouteValue(ParameterInfo parameter, FunctionMethod function)
    {
        var name = parameter.Name!;
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var converter = TypeDescriptor.GetConverter(type);
        if (!converter.CanConvertFrom(typeof(string)))
        {
            throw new InvalidOperationException($"Function '{function.Name}': nothing can be bound to parameter '{name}' of type {type}.");
        }

        return context =>
        {
            var request = context.GetHttpContext()!.Request;
            var text = request.RouteValues.TryGetValue(name, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : request.Query[name].FirstOrDefault();
            if (text is null)
            {
                return new(parameter.HasDefaultValue ? parameter.DefaultValue : type.IsValueType && parameter.ParameterType == type ? Activator.CreateInstance(type) : null);
            }

            try
            {
                return new(converter.ConvertFromInvariantString(text));
            }
            catch (Exception e)
            {
                throw new BadHttpRequestException($"'{name}' is not a valid {type.Name}.", e);
            }
        };
    }

    /// <summary>The parameter beside an orchestrator's context is its input.</summary>
    private static Func<EmbeddedFunctionContext, ValueTask<object?>> OrchestrationInput(Type type)
    {
        var read = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!.MakeGenericMethod(type);
        return context => new(read.Invoke(context.TriggerValue, BindingFlags.DoNotWrapExceptions, null, null, null));
    }

    private static Func<EmbeddedFunctionContext, ValueTask<object?>> BindingData(ParameterInfo parameter, FunctionMethod function)
    {
        if (function.Trigger is ActivityTriggerAttribute && !string.Equals(parameter.Name, InstanceId, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"Function '{function.Name}': nothing can be bound to parameter '{parameter.Name}'.");
        }

        return context => new(context.BindingContext.BindingData.GetValueOrDefault(parameter.Name!));
    }
}
