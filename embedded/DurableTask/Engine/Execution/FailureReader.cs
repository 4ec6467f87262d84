using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;
using VpsPilot.Embedded.DurableTask.Engine.History;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>Details of an exception, with the facts that the app's provider adds.</summary>
internal sealed class FailureReader(IExceptionPropertiesProvider? provider)
{
    public TaskFailureDetails Read(Exception exception) => FailureProperties.ToText(provider is null ? TaskFailureDetails.FromException(exception) : WithProperties(exception));

    private TaskFailureDetails WithProperties(Exception exception)
    {
        var details = TaskFailureDetails.FromException(exception);
        return details with
        {
            Properties = PropertiesOf(exception),
            InnerFailure = exception is not TaskFailedException && exception.InnerException is { } inner ? WithProperties(inner) : details.InnerFailure,
        };
    }

    /// <summary>A provider that throws adds nothing: the failure itself must be recorded in any case.</summary>
    private IDictionary<string, object?>? PropertiesOf(Exception exception)
    {
        try
        {
            return provider!.GetExceptionProperties(exception);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
