using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Builds;

/// <summary>A revision of nixpkgs.</summary>
/// <param name="Revision">Commit id.</param>
/// <param name="NarHash">Hash of its tree, as Nix writes it.</param>
/// <param name="LastModified">Time of the commit, in seconds since 1970.</param>
internal sealed record NixpkgsPin(string Revision, string NarHash, long LastModified);

/// <summary>
/// Which revision of nixpkgs each input of a flake is. Of a lock that somebody wrote only these are taken, and only those of NixOS/nixpkgs: anything
/// else in it could make Nix, which runs as root here, read what is not the project's. Nix gets a lock that is written from them.
/// </summary>
/// <remarks>Source of the form: the Nix manual, "nix flake", "Lock files", version 7.</remarks>
internal sealed partial record FlakeLock(IReadOnlyDictionary<string, NixpkgsPin> Pins)
{
    private const string Prefix = "nixpkgs-";
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Pins nothing.</summary>
    public static FlakeLock Empty { get; } = new(new Dictionary<string, NixpkgsPin>(StringComparer.Ordinal));

    /// <summary>Reads a lock, with all that is wrong with it.</summary>
    /// <param name="text">Content of the file.</param>
    /// <param name="file">Its name, for a person.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static FlakeLock Read(string text, string file, List<Problem> problems)
    {
        var pins = new Dictionary<string, NixpkgsPin>(StringComparer.Ordinal);
        var lines = new Lazy<ConfigLines>(() => ConfigLines.Read(Encoding.UTF8.GetBytes(text)));
        void Note(string path, string message, int? line) => problems.Add(new Problem(path, message, line ?? lines.Value.Of(path)));
        try
        {
            foreach (var (name, node) in (JsonNode.Parse(text) as JsonObject)?["nodes"] as JsonObject ?? throw new JsonException("it has no nodes"))
            {
                if (!Input().IsMatch(name))
                    continue;
                if (node?["original"]?["ref"] is JsonValue named && named.TryGetValue<string>(out var branch) && branch != Branch(name))
                    problems.Add(new Problem($"$.nodes.{name}.original.ref", $"It is locked for {branch}, and this input is {Branch(name)}."));
                else if (PinOf(node?["locked"] as JsonObject) is { } pin)
                    pins[name] = pin;
                else
                    Note($"$.nodes.{name}.locked", "It is no revision of github:NixOS/nixpkgs with its hash.", null);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            Note("$", $"{file} is not a lock of a flake: {e.Message.Split(" LineNumber:")[0]}", NotJson.Line(e));
        }

        return new FlakeLock(pins);
    }

    /// <summary>Whether the pins of these inputs are the same in the other one, as far as this one has any.</summary>
    public bool Agrees(FlakeLock other, IEnumerable<string> inputs) =>
        inputs.All(i => !Pins.TryGetValue(i, out var pin) || (other.Pins.TryGetValue(i, out var same) && same == pin));

    /// <summary>Both; the newer one's pins win.</summary>
    public FlakeLock With(FlakeLock newer)
    {
        var pins = new Dictionary<string, NixpkgsPin>(Pins, StringComparer.Ordinal);
        foreach (var (name, pin) in newer.Pins)
            pins[name] = pin;
        return new FlakeLock(pins);
    }

    /// <summary>What the other one does not pin.</summary>
    public FlakeLock Without(FlakeLock other) => new(Pins.Where(p => !other.Pins.ContainsKey(p.Key)).ToDictionary(StringComparer.Ordinal));

    /// <summary>Whether an input of a flake is a release of nixpkgs, which a lock can pin.</summary>
    public static bool Pinnable(string input) => Input().IsMatch(input);

    /// <summary>The lock as Nix reads it; of these inputs only.</summary>
    public string Render(IEnumerable<string> inputs)
    {
        var pinned = inputs.Where(Pins.ContainsKey).Order(StringComparer.Ordinal).ToList();
        var nodes = new JsonObject();
        foreach (var name in pinned)
        {
            var pin = Pins[name];
            nodes[name] = new JsonObject
            {
                ["locked"] = new JsonObject { ["lastModified"] = pin.LastModified, ["narHash"] = pin.NarHash, ["owner"] = "NixOS", ["repo"] = "nixpkgs", ["rev"] = pin.Revision, ["type"] = "github" },
                ["original"] = new JsonObject { ["owner"] = "NixOS", ["ref"] = Branch(name), ["repo"] = "nixpkgs", ["type"] = "github" },
            };
        }

        nodes["root"] = new JsonObject { ["inputs"] = new JsonObject(pinned.Select(p => KeyValuePair.Create(p, (JsonNode?)JsonValue.Create(p)))) };
        return new JsonObject { ["nodes"] = nodes, ["root"] = "root", ["version"] = 7 }.ToJsonString(Format) + "\n";
    }

    private static string Branch(string input) => $"nixos-{input[Prefix.Length..].Replace('_', '.')}";

    private static NixpkgsPin? PinOf(JsonObject? locked) =>
        locked is not null && Text(locked, "type") == "github" && Text(locked, "owner") == "NixOS" && Text(locked, "repo") == "nixpkgs" && !locked.ContainsKey("host") && !locked.ContainsKey("dir")
        && Text(locked, "rev") is { } revision && Revision().IsMatch(revision) && Text(locked, "narHash") is { } hash && NarHash().IsMatch(hash)
            ? new NixpkgsPin(revision, hash, locked["lastModified"] is JsonValue value && value.TryGetValue<long>(out var time) ? time : 0)
            : null;

    private static string? Text(JsonObject node, string name) => node[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    [GeneratedRegex("^nixpkgs-[0-9]{2}_[0-9]{2}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Input();

    [GeneratedRegex("^[0-9a-f]{40}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Revision();

    [GeneratedRegex("^sha256-[A-Za-z0-9+/]{43}=$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NarHash();
}
