using System.Globalization;
using Azure.Security.KeyVault.Secrets;

namespace VpsPilot.Functions.Secrets.KeyVault;

/// <summary>What a secret in the vault is, in its tags: a vault's names cannot say it, and its versions have no numbers.</summary>
internal static class KeyVaultTags
{
    private const string Project = "vpspilot-project";
    private const string Scope = "vpspilot-scope";
    private const string Name = "vpspilot-name";
    private const string Version = "vpspilot-version";
    private const string By = "vpspilot-by";
    private const string Bytes = "vpspilot-bytes";

    /// <summary>When the version was made, for one that another store had before.</summary>
    private const string At = "vpspilot-at";

    /// <summary>A vault takes 256 characters in a tag.</summary>
    private const int MaxLength = 256;

    public static void Write(IDictionary<string, string> tags, string project, SecretInfo info, bool isRestored)
    {
        tags[Project] = project;
        tags[Scope] = info.Scope;
        tags[Name] = info.Name;
        tags[Version] = info.Version.ToString(CultureInfo.InvariantCulture);
        tags[By] = info.UpdatedBy.Length <= MaxLength ? info.UpdatedBy : info.UpdatedBy[..MaxLength];
        tags[Bytes] = info.Bytes.ToString(CultureInfo.InvariantCulture);
        if (isRestored)
        {
            tags[At] = info.UpdatedAt.ToString("O", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Null for a secret that is not the project's, or not ours at all.</summary>
    public static SecretInfo? Read(SecretProperties properties, string project)
    {
        var tags = properties.Tags;
        return tags.TryGetValue(Project, out var owner) && owner == project
            && tags.TryGetValue(Scope, out var scope) && tags.TryGetValue(Name, out var name)
            && tags.TryGetValue(Version, out var version) && int.TryParse(version, CultureInfo.InvariantCulture, out var number)
            ? new SecretInfo
            {
                Name = name,
                Scope = scope,
                Version = number,
                UpdatedAt = tags.TryGetValue(At, out var at) && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, out var made) ? made : properties.CreatedOn ?? properties.UpdatedOn ?? default,
                UpdatedBy = tags.TryGetValue(By, out var by) ? by : "",
                Bytes = tags.TryGetValue(Bytes, out var bytes) && int.TryParse(bytes, CultureInfo.InvariantCulture, out var size) ? size : 0,
            }
            : null;
    }
}
