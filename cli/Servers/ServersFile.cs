using System.Text.Json;
using System.Text.Json.Serialization;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Servers;

/// <summary>The servers that one is logged in to, by name, and the one that is spoken to unless another is named.</summary>
internal sealed record ServersFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Name of the server that counts when none is named.</summary>
    public string? Current { get; init; }

    public IReadOnlyDictionary<string, Server> Servers { get; init; } = new Dictionary<string, Server>(StringComparer.Ordinal);

    /// <summary><c>VPSPILOT_CONFIG</c>, or <c>vpspilot/config.json</c> in the user's folder for settings.</summary>
    public static string Location =>
        Environment.GetEnvironmentVariable("VPSPILOT_CONFIG") is { Length: > 0 } file ? file
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "vpspilot", "config.json");

    /// <summary>The file; one without servers where there is none yet.</summary>
    public static Answer<ServersFile> Read()
    {
        var file = Location;
        if (!File.Exists(file))
        {
            return new ServersFile();
        }

        if ((File.GetUnixFileMode(file) & ~(OwnerOnly | UnixFileMode.UserExecute)) != UnixFileMode.None)
        {
            return Complaint.Usage($"{file} has tokens, and others can read it.", $"chmod 600 {file}");
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), ServersJson.Default.ServersFile) ?? new ServersFile();
        }
        catch (JsonException e)
        {
            return Complaint.Usage($"{file}:{e.LineNumber + 1}: this is not what 'vpspilot login' writes.", "Correct it, or remove it and log in again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Complaint.Usage($"{file} cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes the file whole, for its owner alone.</summary>
    public Complaint? Write()
    {
        var file = Location;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!, OwnerOnly | UnixFileMode.UserExecute);
            var fresh = $"{file}.{Environment.ProcessId}.new";
            using (var stream = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                JsonSerializer.Serialize(stream, this, ServersJson.Default.ServersFile);
                stream.WriteByte((byte)'\n');
            }

            File.Move(fresh, file, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Complaint.Usage($"{file} cannot be written: {e.Message}");
        }
    }
}

/// <summary>Source-generated JSON of the servers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(ServersFile))]
internal sealed partial class ServersJson : JsonSerializerContext;
