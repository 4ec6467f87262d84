using System.Text.Json.Nodes;

namespace VpsPilot.Functions.Tests.Secrets.Vault;

/// <summary>One version of a secret in the vault.</summary>
internal sealed record VaultSecret(string Name, string Version, string Value, JsonNode? Tags, string? ContentType, long Created, bool IsEnabled)
{
    public JsonObject ToItem(Uri vault, bool withVersion) => new()
    {
        ["id"] = $"{vault}secrets/{Name}{(withVersion ? "/" + Version : "")}",
        ["contentType"] = ContentType,
        ["tags"] = Tags?.DeepClone(),
        ["attributes"] = new JsonObject { ["enabled"] = IsEnabled, ["created"] = Created, ["updated"] = Created, ["recoveryLevel"] = "Recoverable+Purgeable", ["recoverableDays"] = 90 },
    };

    public JsonObject ToBundle(Uri vault)
    {
        var bundle = ToItem(vault, withVersion: true);
        bundle["value"] = Value;
        return bundle;
    }

    public JsonObject ToDeleted(Uri vault)
    {
        var deleted = ToItem(vault, withVersion: true);
        deleted["recoveryId"] = $"{vault}deletedsecrets/{Name}";
        deleted["deletedDate"] = Created;
        deleted["scheduledPurgeDate"] = Created + 7776000;
        return deleted;
    }
}

/// <summary>The secrets and the soft-deleted secrets of a vault. Names are the same in upper and lower case.</summary>
internal sealed class VaultContent
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<VaultSecret>> secrets = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<VaultSecret>> deleted = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> settling = new(StringComparer.OrdinalIgnoreCase);
    private long clock = 1_700_000_000;

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (gate)
            {
                return [.. secrets.Keys];
            }
        }
    }

    public IReadOnlyList<VaultSecret> Newest()
    {
        lock (gate)
        {
            return [.. secrets.Where(s => !settling.Contains(s.Key)).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value[^1])];
        }
    }

    public IReadOnlyList<VaultSecret> Versions(string name)
    {
        lock (gate)
        {
            // By version id, which says nothing of the order they were made in.
            return secrets.TryGetValue(name, out var versions) ? [.. versions.OrderBy(v => v.Version, StringComparer.Ordinal)] : [];
        }
    }

    /// <summary>Null where the name belongs to a deleted secret.</summary>
    public VaultSecret? Set(string name, JsonNode body)
    {
        lock (gate)
        {
            if (deleted.ContainsKey(name))
            {
                return null;
            }

            var secret = new VaultSecret(name, Guid.NewGuid().ToString("N"), (string)body["value"]!, body["tags"], (string?)body["contentType"], clock++, IsEnabled: true);
            (secrets.TryGetValue(name, out var versions) ? versions : secrets[name] = []).Add(secret);
            return secret;
        }
    }

    public VaultSecret Change(VaultSecret secret, JsonNode body)
    {
        lock (gate)
        {
            var changed = secret with { IsEnabled = (bool?)body["attributes"]?["enabled"] ?? secret.IsEnabled, Tags = body["tags"] ?? secret.Tags };
            var versions = secrets[secret.Name];
            versions[versions.IndexOf(secret)] = changed;
            return changed;
        }
    }

    public VaultSecret? Find(string name, string? version)
    {
        lock (gate)
        {
            return settling.Remove(name) || !secrets.TryGetValue(name, out var versions) ? null : version is null ? versions[^1] : versions.Find(v => v.Version == version);
        }
    }

    public VaultSecret? Delete(string name)
    {
        lock (gate)
        {
            if (!secrets.Remove(name, out var versions))
            {
                return null;
            }

            deleted[name] = versions;
            settling.Add(name);
            return versions[^1];
        }
    }

    /// <summary>The first look after a deletion finds nothing yet.</summary>
    public VaultSecret? FindDeleted(string name)
    {
        lock (gate)
        {
            return settling.Remove(name) || !deleted.TryGetValue(name, out var versions) ? null : versions[^1];
        }
    }

    public VaultSecret? Recover(string name)
    {
        lock (gate)
        {
            if (!deleted.Remove(name, out var versions))
            {
                return null;
            }

            secrets[name] = versions;
            settling.Add(name);
            return versions[^1];
        }
    }

    public bool Purge(string name)
    {
        lock (gate)
        {
            return deleted.Remove(name);
        }
    }
}
