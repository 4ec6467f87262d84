using System.Text;

namespace VpsPilot.Templates.Rendering;

/// <summary>The one way a text enters Nix.</summary>
public static class NixString
{
    /// <summary>A Nix string literal, with quotes, whose value is exactly the text: no interpolation, no escape survives as such.</summary>
    /// <remarks>The Nix manual, "String literals": inside double quotes only <c>\</c>, <c>"</c> and <c>${</c> are special; <c>$$</c> before a brace suppresses interpolation, so each dollar sign is escaped.</remarks>
    /// <exception cref="ArgumentException">The text holds a null character, which a Nix string cannot.</exception>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '\0' => throw new ArgumentException("A Nix string cannot hold a null character.", nameof(text)),
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '$' => quoted.Append("\\$"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
