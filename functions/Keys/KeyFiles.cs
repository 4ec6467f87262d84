using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Keys;

/// <summary>The control plane's own secrets as files of the data folder, mode 0600.</summary>
internal sealed class KeyFiles(DataDirectory data) : IKeyStore, IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);

    public string PlaceOf(string name) => data.PathOf(FileOf(name));

    public async Task<string> ReadOrCreateAsync(string name, Func<string> create, CancellationToken ct)
    {
        var file = PlaceOf(name);
        if (!File.Exists(file))
        {
            await gate.WaitAsync(ct);
            try
            {
                data.CreateSecret(FileOf(name), create() + "\n");
            }
            finally
            {
                gate.Release();
            }
        }

        return (await File.ReadAllTextAsync(file, ct)).Trim();
    }

    /// <remarks>Holds between the threads of one process; a data folder has one.</remarks>
    public async Task<bool> ReplaceAsync(string name, string expected, string text, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if ((await File.ReadAllTextAsync(PlaceOf(name), ct)).Trim() != expected)
            {
                return false;
            }

            data.WriteSecret(FileOf(name), text + "\n");
            return true;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    /// <summary>The admin token is a text for people; the others are keys.</summary>
    private static string FileOf(string name) => name == KeyNames.AdminToken ? name : name + ".key";
}
