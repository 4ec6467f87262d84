using System.Runtime.CompilerServices;
using YamlDotNet.RepresentationModel;

namespace VpsPilot.Infra.Tests.GitHub;

/// <summary>YAML files of the repository, and what is in them.</summary>
internal static class Yaml
{
    /// <summary>A file, from the top of the repository on.</summary>
    public static string PathOf(string file, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", file));

    /// <summary>The one document of a file. A key that comes twice is an error of the parser.</summary>
    public static YamlMappingNode Read(string file)
    {
        using var reader = new StreamReader(PathOf(file));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    public static YamlNode? Find(this YamlNode node, string key) => node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public static string? Text(this YamlNode node, string key) => (node.Find(key) as YamlScalarNode)?.Value;

    public static IEnumerable<(string Key, YamlNode Value)> Entries(this YamlNode? node) => node is YamlMappingNode map ? map.Children.Select(c => (((YamlScalarNode)c.Key).Value!, c.Value)) : [];

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => node as YamlSequenceNode ?? Enumerable.Empty<YamlNode>();
}
