using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Broker;
using VpsPilot.Embedded.Functions.Hosting.Invocation;

namespace VpsPilot.Embedded.Functions.Hosting.ServiceBus;

/// <summary>Feeds one function with the messages of its queue: completed when the function returns, given back when it throws.</summary>
internal sealed class ServiceBusListener(FunctionInvoker function, ServiceBusTriggerAttribute trigger, IBroker broker, IServiceScopeFactory scopes, IConfiguration configuration, HostJson host, TimeProvider time, ILogger<ServiceBusListener> logger) : BackgroundService
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    private readonly string queue = SettingText.Resolve(trigger.QueueName ?? throw new InvalidOperationException($"Function '{function.Function.Name}': topics are not supported on the embedded host."), configuration);
    private readonly SemaphoreSlim free = new(host.ServiceBusMaxConcurrentCalls);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await free.WaitAsync(stoppingToken);
                free.Release();
                var batch = trigger.IsBatched ? host.ServiceBusMaxMessageBatchSize : free.CurrentCount;
                var messages = await broker.ReceiveAsync(queue, Math.Max(1, batch), Wait, stoppingToken);
                await DispatchAsync(messages, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (QueueNotFoundException)
            {
                await Task.Delay(PauseAfterFault, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                HostLog.ReceiveFailed(logger, function.Function.Name, queue, e);
                await Task.Delay(PauseAfterFault, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // Drain: every call gives its place back.
        for (var i = 0; i < host.ServiceBusMaxConcurrentCalls; i++)
        {
            await free.WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);
        }
    }

    private async Task DispatchAsync(IReadOnlyList<LockedMessage> messages, CancellationToken stopping)
    {
        if (trigger.IsBatched && messages.Count > 0)
        {
            await free.WaitAsync(CancellationToken.None);
            _ = HandleAsync(messages, stopping);
            return;
        }

        foreach (var message in messages)
        {
            await free.WaitAsync(CancellationToken.None);
            _ = HandleAsync([message], stopping);
        }
    }

    private async Task HandleAsync(IReadOnlyList<LockedMessage> messages, CancellationToken stopping)
    {
        using var span = HostTrace.Start($"{queue} process", ActivityKind.Consumer, messages[0].ApplicationProperties.GetValueOrDefault("traceparent") as string);
        try
        {
            var done = await TryInvokeAsync(messages, stopping);
            foreach (var message in messages)
            {
                await SettleAsync(message, done);
            }
        }
        finally
        {
            free.Release();
        }
    }

    private async Task<bool> TryInvokeAsync(IReadOnlyList<LockedMessage> messages, CancellationToken stopping)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            if (host.FunctionTimeout is { } timeout)
            {
                limit.CancelAfter(timeout);
            }

            using var renewal = new LockRenewal(broker, messages, host.ServiceBusMaxLockRenewal, time);
            await using var scope = scopes.CreateAsyncScope();
            var type = function.Function.TriggerParameter.ParameterType;
            var value = trigger.IsBatched ? MessageConverter.Many(messages, type) : MessageConverter.One(messages[0], type);
            await function.InvokeAsync(scope.ServiceProvider, value, MessageConverter.BindingData(messages[0]), limit.Token);
            return true;
        }
        catch (Exception e)
        {
            HostLog.MessageFailed(logger, function.Function.Name, messages[0].MessageId, messages[0].DeliveryCount, e);
            return false;
        }
    }

    /// <summary>Each for itself: one whose end cannot be stored changes nothing for the others of its batch.</summary>
    private async Task SettleAsync(LockedMessage message, bool done)
    {
        try
        {
            await (done ? broker.CompleteAsync(message, CancellationToken.None) : broker.AbandonAsync(message, CancellationToken.None));
        }
        catch (Exception e)
        {
            HostLog.SettlementFailed(logger, function.Function.Name, message.MessageId, e);
        }
    }
}
