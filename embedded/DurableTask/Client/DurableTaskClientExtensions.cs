namespace Microsoft.DurableTask.Client;

/// <summary>Shorter calls.</summary>
public static class DurableTaskClientExtensions
{
    /// <summary>Removes ended instances created in a span of time.</summary>
    public static Task<PurgeResult> PurgeInstancesAsync(this DurableTaskClient client, DateTimeOffset? createdFrom, DateTimeOffset? createdTo, CancellationToken cancellation = default) =>
        client.PurgeInstancesAsync(createdFrom, createdTo, statuses: null!, options: null!, cancellation);

    /// <summary>Removes ended instances created in a span of time.</summary>
    public static Task<PurgeResult> PurgeInstancesAsync(this DurableTaskClient client, DateTimeOffset? createdFrom, DateTimeOffset? createdTo, PurgeInstanceOptions? options, CancellationToken cancellation = default) =>
        client.PurgeInstancesAsync(createdFrom, createdTo, statuses: null!, options, cancellation);

    /// <summary>Removes instances in some ended statuses created in a span of time.</summary>
    public static Task<PurgeResult> PurgeInstancesAsync(this DurableTaskClient client, DateTimeOffset? createdFrom, DateTimeOffset? createdTo, IEnumerable<OrchestrationRuntimeStatus>? statuses, CancellationToken cancellation = default) =>
        client.PurgeInstancesAsync(createdFrom, createdTo, statuses, options: null, cancellation);

    /// <summary>Removes instances in some ended statuses created in a span of time.</summary>
    public static Task<PurgeResult> PurgeInstancesAsync(this DurableTaskClient client, DateTimeOffset? createdFrom, DateTimeOffset? createdTo, IEnumerable<OrchestrationRuntimeStatus>? statuses, PurgeInstanceOptions? options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.PurgeAllInstancesAsync(new PurgeInstancesFilter(createdFrom, createdTo, statuses), options, cancellation);
    }
}
