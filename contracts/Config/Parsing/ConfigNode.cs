using System.Text;
using System.Text.Json;

namespace VpsPilot.Contracts.Config.Parsing;

/// <summary>A JSON value that knows its path and line.</summary>
internal sealed class ConfigNode(ConfigNode? parent, string segment, int line, JsonValueKind kind)
{
    /// <summary>No key is longer; of a longer one a path has the beginning. A file of one long key and many values would else be many long paths.</summary>
    private const int LongestKey = 100;

    /// <summary>Put together when it is asked for, which is seldom.</summary>
    public string Path => parent?.Path + segment;

    public int Line => line;

    public JsonValueKind Kind => kind;

    /// <summary>Text of a string, or a number as written.</summary>
    public string Text { get; init; } = "";

    /// <summary>Members of an object, in their order; the last one counts where a key is repeated.</summary>
    public List<(string Key, ConfigNode Value)> Members { get; } = [];

    /// <summary>Elements of an array.</summary>
    public List<ConfigNode> Elements { get; } = [];

    /// <summary>Reads a document.</summary>
    /// <param name="utf8">The document; comments and trailing commas are allowed.</param>
    /// <param name="mistakes">Takes duplicate keys.</param>
    /// <exception cref="JsonException">It is not JSON, or nests too deeply.</exception>
    public static ConfigNode Read(ReadOnlySpan<byte> utf8, ConfigMistakes mistakes)
    {
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 32 };
        var reader = new Utf8JsonReader(utf8, options);
        var lines = new LineCounter();
        reader.Read();
        var root = Read(ref reader, utf8, ref lines, null, "$", mistakes);
        if (reader.Read())
        {
            throw new JsonException("There is more after the end of the document.");
        }

        return root;
    }

    private static ConfigNode Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref LineCounter lines, ConfigNode? parent, string segment, ConfigMistakes mistakes)
    {
        var line = lines.LineAt(utf8, (int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new ConfigNode(parent, segment, line, JsonValueKind.Object);
                var keys = new HashSet<string>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = reader.GetString()!;
                    var keySegment = "." + (key.Length <= LongestKey ? key : key[..LongestKey] + "…");
                    if (!keys.Add(key))
                    {
                        map.Members.RemoveAll(m => m.Key == key);
                        mistakes.Add(map.Path + keySegment, "This key is given twice.", lines.LineAt(utf8, (int)reader.TokenStartIndex));
                    }

                    reader.Read();
                    map.Members.Add((key, Read(ref reader, utf8, ref lines, map, keySegment, mistakes)));
                }

                return map;
            case JsonTokenType.StartArray:
                var list = new ConfigNode(parent, segment, line, JsonValueKind.Array);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Elements.Add(Read(ref reader, utf8, ref lines, list, $"[{list.Elements.Count}]", mistakes));
                }

                return list;
            case JsonTokenType.String:
                return new ConfigNode(parent, segment, line, JsonValueKind.String) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new ConfigNode(parent, segment, line, JsonValueKind.Number) { Text = Encoding.UTF8.GetString(reader.ValueSpan) };
            case JsonTokenType.True:
                return new ConfigNode(parent, segment, line, JsonValueKind.True);
            case JsonTokenType.False:
                return new ConfigNode(parent, segment, line, JsonValueKind.False);
            default:
                return new ConfigNode(parent, segment, line, JsonValueKind.Null);
        }
    }

    /// <summary>An object at the same place with this value as its only member: the long form of a value that has a short one.</summary>
    public ConfigNode AsObject(string key)
    {
        var map = new ConfigNode(parent, segment, line, JsonValueKind.Object);
        map.Members.Add((key, this));
        return map;
    }

    /// <summary>Counts lines going forward only.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private struct LineCounter
    {
        private int position;
        private int newLines;

        public int LineAt(ReadOnlySpan<byte> utf8, int offset)
        {
            newLines += utf8[position..offset].Count((byte)'\n');
            position = offset;
            return newLines + 1;
        }
    }
}
