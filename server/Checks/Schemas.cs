using VpsPilot.Embedded.Broker.Storage;
using VpsPilot.Embedded.DurableTask.Engine.Storage;
using VpsPilot.Functions.Storage.Sqlite;

namespace VpsPilot.Server.Checks;

/// <summary>The newest schema that a program knows, by database.</summary>
internal static class Schemas
{
    /// <summary>Of this program. The task hub has its name from <c>host.json</c>.</summary>
    public static IReadOnlyDictionary<string, int> Known { get; } = new SortedDictionary<string, int>(StringComparer.Ordinal)
    {
        ["VpsPilot.db"] = HubSchema.Steps.Count,
        ["queues.db"] = BrokerSchema.Steps.Count,
        ["state.db"] = SqliteStateSchema.CurrentVersion,
    };

    /// <summary>Reads <c>FILE=N FILE=N</c>.</summary>
    /// <exception cref="RefusedException">That is not its form.</exception>
    public static IReadOnlyDictionary<string, int> Parse(string text)
    {
        var schemas = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is not [var file, var number] || !int.TryParse(number, out var version))
            {
                throw new RefusedException($"'{part}' is not of the form FILE=N.");
            }

            schemas[file] = version;
        }

        return schemas;
    }
}
