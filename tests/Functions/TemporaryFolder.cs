namespace VpsPilot.Functions.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vpspilot-functions-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
