using System.Globalization;
using System.Text.Json.Nodes;

namespace VpsPilot.Infra.Tests;

/// <summary>
/// What an expression of a compiled template gives, as far as the names of resources need it: text, <c>parameters</c>, <c>variables</c>,
/// <c>format</c>, <c>guid</c> and <c>uniqueString</c>. Of a list that is gone through, the longest element counts.
/// </summary>
internal sealed class TemplateExpression(JsonObject template, IReadOnlyDictionary<string, string> parameters)
{
    /// <summary>What <c>uniqueString()</c> gives: 13 letters and digits.</summary>
    private const string Token = "abcdefghijk12";

    private string text = "";
    private int at;

    /// <summary>The text that a value has in the deployed template.</summary>
    public string Resolve(string value)
    {
        if (!value.StartsWith('[') || value.StartsWith("[[", StringComparison.Ordinal))
            return value;
        var reader = new TemplateExpression(template, parameters) { text = value[1..^1] };
        return reader.Term();
    }

    private string Term()
    {
        if (Current == '\'')
            return Quoted();
        var name = Word();
        if (Current != '(')
            return name;
        var arguments = Arguments();
        var value = name switch
        {
            "parameters" => Parameter(arguments[0]),
            "variables" => Variable(template["variables"]![arguments[0]]!),
            "format" => string.Format(CultureInfo.InvariantCulture, arguments[0], [.. arguments[1..]]),
            "guid" => Guid.Empty.ToString(),
            "uniqueString" => Token,
            "subscriptionResourceId" or "resourceId" or "reference" or "subscription" or "resourceGroup" or "copyIndex" or "environment" => name,
            _ => throw new NotSupportedException($"{name} in {text}"),
        };
        return Properties(value);
    }

    /// <summary>An index takes an element of a list, which counts as its longest already; <c>environment().suffixes.storage</c> is that of the public cloud.</summary>
    private string Properties(string value)
    {
        while (Current is '.' or '[')
        {
            if (Current == '.')
            {
                at++;
                value = Word() == "storage" ? "core.windows.net" : value;
                continue;
            }

            at++;
            Term();
            Expect(']');
        }

        return value;
    }

    /// <summary>One that only Azure knows stands for itself.</summary>
    private string Parameter(string name) => parameters.TryGetValue(name, out var given) ? given : template["parameters"]![name]!["defaultValue"] is JsonValue value && value.TryGetValue<string>(out var preset) ? Resolve(preset) : name;

    /// <summary>No name is made of an object.</summary>
    private string Variable(JsonNode value) => value switch
    {
        JsonArray list => list.Select(e => Resolve((string)e!)).MaxBy(e => e.Length)!,
        JsonObject => "",
        _ => Resolve((string)value!),
    };

    private string[] Arguments()
    {
        var found = new List<string>();
        Expect('(');
        while (Current != ')')
        {
            found.Add(Term());
            Space();
            if (Current == ',')
                at++;
            Space();
        }

        Expect(')');
        return [.. found];
    }

    private string Quoted()
    {
        var end = text.IndexOf('\'', at + 1);
        var quoted = text[(at + 1)..end];
        at = end + 1;
        return quoted;
    }

    private string Word()
    {
        var begin = at;
        while (char.IsAsciiLetterOrDigit(Current) || Current is '_' or '-')
            at++;
        return text[begin..at];
    }

    private char Current => at < text.Length ? text[at] : '\0';

    private void Space()
    {
        while (Current == ' ')
            at++;
    }

    private void Expect(char wanted)
    {
        Current.ShouldBe(wanted, text);
        at++;
    }
}
