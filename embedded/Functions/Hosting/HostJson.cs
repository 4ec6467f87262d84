using System.Text.Json;

namespace VpsPilot.Embedded.Functions.Hosting;

/// <summary>What the embedded host reads of <c>host.json</c>. What is missing has the default of Azure Functions.</summary>
internal sealed record HostJson
{
    public string RoutePrefix { get; init; } = "api";

    public string HubName { get; init; } = "TestHubName";

    public int MaxConcurrentActivities { get; init; } = 64;

    public int MaxConcurrentOrchestrators { get; init; } = 64;

    public int ServiceBusMaxConcurrentCalls { get; init; } = 16;

    public int ServiceBusMaxMessageBatchSize { get; init; } = 1000;

    /// <summary>How long the lock of a message is renewed while its function runs.</summary>
    public TimeSpan ServiceBusMaxLockRenewal { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Limit of one invocation; null means none.</summary>
    public TimeSpan? FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <exception cref="InvalidOperationException">The file is not valid JSON.</exception>
    public static HostJson Read(string path)
    {
        if (!File.Exists(path))
        {
            return new HostJson();
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var root = document.RootElement;
            var defaults = new HostJson();
            if (Find(root, "extensions", "serviceBus", "autoCompleteMessages")?.GetBoolean() == false)
            {
                throw new InvalidOperationException("autoCompleteMessages has to be true: the embedded host completes a message when its function returns.");
            }

            return new HostJson
            {
                RoutePrefix = Find(root, "extensions", "http", "routePrefix")?.GetString() ?? defaults.RoutePrefix,
                HubName = Find(root, "extensions", "durableTask", "hubName")?.GetString() ?? defaults.HubName,
                MaxConcurrentActivities = Find(root, "extensions", "durableTask", "maxConcurrentActivityFunctions")?.GetInt32() ?? defaults.MaxConcurrentActivities,
                MaxConcurrentOrchestrators = Find(root, "extensions", "durableTask", "maxConcurrentOrchestratorFunctions")?.GetInt32() ?? defaults.MaxConcurrentOrchestrators,
                ServiceBusMaxConcurrentCalls = Find(root, "extensions", "serviceBus", "maxConcurrentCalls")?.GetInt32() ?? defaults.ServiceBusMaxConcurrentCalls,
                ServiceBusMaxMessageBatchSize = Find(root, "extensions", "serviceBus", "maxMessageBatchSize")?.GetInt32() ?? defaults.ServiceBusMaxMessageBatchSize,
                ServiceBusMaxLockRenewal = Find(root, "extensions", "serviceBus", "maxAutoLockRenewalDuration")?.GetString() is { } renewal
                    ? TimeSpan.Parse(renewal, System.Globalization.CultureInfo.InvariantCulture)
                    : defaults.ServiceBusMaxLockRenewal,
                FunctionTimeout = Find(root, "functionTimeout")?.GetString() switch
                {
                    null => defaults.FunctionTimeout,
                    "-1" => null,
                    var text => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
                },
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{path} cannot be used: {e.Message}", e);
        }
    }

    private static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}
