namespace VpsPilot.Functions.Hosting;

/// <summary>The one folder with everything that the control plane keeps on disk.</summary>
internal sealed class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string root;

    public DataDirectory(ControlPlaneOptions options)
    {
        root = Path.GetFullPath(options.StorageDirectory);
        Directory.CreateDirectory(root);
    }

    public string PathOf(string name) => Path.Combine(root, name);

    /// <summary>Writes a file that only the owner can read (0600), as a whole or not at all.</summary>
    public void WriteSecret(string name, string text)
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

        File.Move(temporary, PathOf(name), overwrite: true);
    }

    /// <summary>The text of a secret file; made by <paramref name="create"/> and stored when there is none yet.</summary>
    public string ReadOrCreateSecret(string name, Func<string> create)
    {
        if (!File.Exists(PathOf(name)))
        {
            WriteSecret(name, create());
        }

        return File.ReadAllText(PathOf(name)).Trim();
    }
}
