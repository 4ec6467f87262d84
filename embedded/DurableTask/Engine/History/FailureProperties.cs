using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Microsoft.DurableTask;

namespace VpsPilot.Embedded.DurableTask.Engine.History;

/// <summary>
/// Facts of failures on their way through the database. They come back as the public runtime gives them: every number as
/// a double, times as times, lists and dictionaries of such values.
/// </summary>
internal static class FailureProperties
{
    private const string TimeMark = "dt:";

    /// <summary>The same failure with values that any JSON writer can write.</summary>
    [return: NotNullIfNotNull(nameof(failure))]
    public static TaskFailureDetails? ToText(TaskFailureDetails? failure) => failure is null ? null : failure with
    {
        InnerFailure = ToText(failure.InnerFailure),
        Properties = failure.Properties?.ToDictionary(p => p.Key, p => (object?)Write(Mark(p.Value)), StringComparer.Ordinal),
    };

    /// <summary>The same failure with its values as they were.</summary>
    [return: NotNullIfNotNull(nameof(failure))]
    public static TaskFailureDetails? FromText(TaskFailureDetails? failure) => failure is null ? null : failure with
    {
        InnerFailure = FromText(failure.InnerFailure),
        Properties = failure.Properties?.ToDictionary(p => p.Key, p => Read(p.Value), StringComparer.Ordinal),
    };

    /// <summary>A value that JSON cannot hold is kept as its text.</summary>
    private static JsonElement Write(object? value)
    {
        try
        {
            return JsonSerializer.SerializeToElement(value);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            return JsonSerializer.SerializeToElement(value?.ToString());
        }
    }

    private static object? Mark(object? value) => value switch
    {
        DateTime time => TimeMark + time.ToString("o", CultureInfo.InvariantCulture),
        IDictionary<string, object?> map => map.ToDictionary(m => m.Key, m => Mark(m.Value), StringComparer.Ordinal),
        IEnumerable<object?> list => list.Select(Mark).ToList(),
        _ => value,
    };

    private static object? Read(object? value) => value is not JsonElement element ? value : element.ValueKind switch
    {
        JsonValueKind.String when element.GetString()!.StartsWith(TimeMark, StringComparison.Ordinal) =>
            DateTime.Parse(element.GetString()!.AsSpan(TimeMark.Length), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(p => p.Name, p => Read(p.Value), StringComparer.Ordinal),
        JsonValueKind.Array => element.EnumerateArray().Select(e => Read(e)).ToList(),
        _ => null,
    };
}
