using System.Text;
using System.Text.Json;

namespace VpsPilot.Contracts.Config.Parsing;

/// <summary>A JSON value that knows its path and line.</summary>
internal sealed class ConfigNode(string path, int line, JsonValueKind kind)
{
    public string Path => path;

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
    /// <param name="problems">Takes duplicate keys.</param>
    /// <exception cref="JsonException">It is not JSON, or nests too deeply.</exception>
    public static ConfigNode Read(ReadOnlySpan<byte> utf8, List<Problem> problems)
    {
        var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 32 };
        var reader = new Utf8JsonReader(utf8, options);
        var lines = new LineCounter();
        reader.Read();
        var root = Read(ref reader, utf8, ref lines, "$", problems);
        if (reader.Read())
        {
            throw new JsonException("There is more after the end of the document.");
        }

        return root;
    }

    private static ConfigNode Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ref LineCounter lines, string path, List<Problem> problems)
    {
        var line = lines.LineAt(utf8, (int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new ConfigNode(path, line, JsonValueKind.Object);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = reader.GetString()!;
                    var keyPath = $"{path}.{key}";
                    if (map.Members.RemoveAll(m => m.Key == key) > 0)
                    {
                        problems.Add(new Problem(keyPath, "This key is given twice.", lines.LineAt(utf8, (int)reader.TokenStartIndex)));
                    }

                    reader.Read();
                    map.Members.Add((key, Read(ref reader, utf8, ref lines, keyPath, problems)));
                }

                return map;
            case JsonTokenType.StartArray:
                var list = new ConfigNode(path, line, JsonValueKind.Array);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Elements.Add(Read(ref reader, utf8, ref lines, $"{path}[{list.Elements.Count}]", problems));
                }

                return list;
            case JsonTokenType.String:
                return new ConfigNode(path, line, JsonValueKind.String) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new ConfigNode(path, line, JsonValueKind.Number) { Text = Encoding.UTF8.GetString(reader.ValueSpan) };
            case JsonTokenType.True:
                return new ConfigNode(path, line, JsonValueKind.True);
            case JsonTokenType.False:
                return new ConfigNode(path, line, JsonValueKind.False);
            default:
                return new ConfigNode(path, line, JsonValueKind.Null);
        }
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
