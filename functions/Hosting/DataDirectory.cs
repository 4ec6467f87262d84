namespace VpsPilot.Functions.Hosting;

/// <summary>The one folder with everything that the control plane keeps on disk.</summary>
internal sealed class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string root;

    /// <exception cref="InvalidOperationException">No folder is set: everything is in Azure then.</exception>
    public DataDirectory(ControlPlaneOptions options)
    {
        root = Path.GetFullPath(options.StorageDirectory ?? throw new InvalidOperationException("Storage:Directory is not set."));
        Directory.CreateDirectory(root);
    }

    public string PathOf(string name) => Path.Combine(root, name);

    /// <summary>Writes a file that only the owner can read (0600), as a whole or not at all.</summary>
    public void WriteSecret(string name, string text) => File.Move(WriteAside(name, text), PathOf(name), overwrite: true);

    /// <summary>The same for a file that is new; one that is there by then is left as it is.</summary>
    public void CreateSecret(string name, string text)
    {
        var aside = WriteAside(name, text);
        try
        {
            File.Move(aside, PathOf(name), overwrite: false);
        }
        catch (IOException) when (File.Exists(PathOf(name)))
        {
            // Another process was faster.
            File.Delete(aside);
        }
    }

    private string WriteAside(string name, string text)
    {
        var temporary = PathOf(name + ".new");
        File.Delete(temporary);
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(temporary, create))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        return temporary;
    }
}
