using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using VpsPilot.Messaging;

namespace VpsPilot.Functions.Azure;

/// <summary>Failures of Service Bus in the terms of <see cref="QueueException"/>.</summary>
internal static class ServiceBusErrors
{
    /// <exception cref="QueueException">The call failed for a reason of Service Bus, or of the app's identity.</exception>
    public static async Task MapAsync(string what, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ServiceBusException e)
        {
            throw new QueueException(Of(e.Reason), $"{what}: {e.Message}", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or AuthenticationFailedException)
        {
            throw new QueueException(QueueError.Unauthorized, $"{what}: {e.Message}", e);
        }
        catch (RequestFailedException e)
        {
            throw new QueueException(Of(e.Status), $"{what}: {e.Message}", e);
        }
        catch (Exception e) when (e is AggregateException or HttpRequestException or SocketException)
        {
            // No name, no connection: what the pipeline throws when it has given up trying.
            throw new QueueException(QueueError.Unreachable, $"{what}: {(e.InnerException ?? e).Message}", e);
        }
    }

    /// <inheritdoc cref="MapAsync(string, Func{Task})"/>
    public static async Task<T> MapAsync<T>(string what, Func<Task<T>> call)
    {
        var answer = default(T)!;
        await MapAsync(what, async () => { answer = await call(); });
        return answer;
    }

    /// <summary>Of an answer of the management API; 0 where there was none.</summary>
    private static QueueError Of(int status) => status switch
    {
        401 or 403 => QueueError.Unauthorized,
        404 => QueueError.NotFound,
        0 or 408 or 429 or >= 500 => QueueError.Unreachable,
        _ => QueueError.Refused,
    };

    private static QueueError Of(ServiceBusFailureReason reason) => reason switch
    {
        ServiceBusFailureReason.MessagingEntityNotFound => QueueError.NotFound,
        ServiceBusFailureReason.MessageSizeExceeded => QueueError.TooLarge,
        ServiceBusFailureReason.MessageLockLost => QueueError.LockLost,
        ServiceBusFailureReason.ServiceCommunicationProblem or ServiceBusFailureReason.ServiceTimeout or ServiceBusFailureReason.ServiceBusy => QueueError.Unreachable,
        _ => QueueError.Refused,
    };
}
