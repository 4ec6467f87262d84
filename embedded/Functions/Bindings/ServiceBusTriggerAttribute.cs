using System.Diagnostics.CodeAnalysis;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function for a message of a queue. The message is completed when the function returns, and given back when it throws.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
[SuppressMessage("Design", "CA1019:Define accessors for attribute arguments", Justification = "The shape is that of the public package.")]
public sealed class ServiceBusTriggerAttribute : TriggerBindingAttribute, ISupportCardinality
{
    /// <summary>Messages of a queue.</summary>
    public ServiceBusTriggerAttribute(string queueName) => QueueName = queueName;

    /// <summary>Messages of a subscription; not supported on the embedded host.</summary>
    public ServiceBusTriggerAttribute(string topicName, string subscriptionName)
    {
        TopicName = topicName;
        SubscriptionName = subscriptionName;
    }

    /// <summary>Name of the queue; <c>%SETTING%</c> is replaced.</summary>
    public string? QueueName { get; }

    /// <summary>Name of the topic.</summary>
    public string? TopicName { get; }

    /// <summary>Name of the subscription.</summary>
    public string? SubscriptionName { get; }

    /// <summary>Name of the setting that holds the connection; the embedded host uses its own broker.</summary>
    public string? Connection { get; set; }

    /// <summary>Whether messages are completed by the host when the function returns; default true.</summary>
    public bool AutoCompleteMessages { get; set; } = true;

    /// <summary>Sessions; not supported on the embedded host.</summary>
    public bool IsSessionsEnabled { get; set; }

    /// <summary>Whether the function takes an array of messages.</summary>
    public bool IsBatched { get; set; }

    /// <inheritdoc />
    Cardinality ISupportCardinality.Cardinality
    {
        get => IsBatched ? Cardinality.Many : Cardinality.One;
        set => IsBatched = value == Cardinality.Many;
    }
}
