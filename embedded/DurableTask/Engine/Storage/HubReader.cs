using System.Collections.Concurrent;

namespace VpsPilot.Embedded.DurableTask.Engine.Storage;

/// <summary>Reads what is committed. Each read sees one consistent state of the file.</summary>
internal sealed class HubReader(HubDatabase database) : IDisposable
{
    private readonly ConcurrentBag<HubConnection> idle = [];

    public T Read<T>(Func<HubConnection, T> read)
    {
        if (!idle.TryTake(out var connection))
        {
            connection = new HubConnection(database.Connect());
        }

        try
        {
            var result = read(connection);
            idle.Add(connection);
            return result;
        }
        catch
        {
            connection.Dispose(); // Nobody knows what state it is in.
            throw;
        }
    }

    public void Dispose()
    {
        while (idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }
}
