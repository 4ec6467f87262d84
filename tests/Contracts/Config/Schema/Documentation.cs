using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using VpsPilot.Contracts.Config;

namespace VpsPilot.Contracts.Tests.Config.Schema;

/// <summary>The documentation comments of the model, as the compiler wrote them down.</summary>
internal static partial class Documentation
{
    private static readonly Dictionary<string, XElement> Members = XDocument.Load(Path.ChangeExtension(typeof(ProjectConfig).Assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(m => (string)m.Attribute("name")!, StringComparer.Ordinal);

    public static string Of(Type type) => Text("T:" + type.FullName);

    public static string Of(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private static string Text(string name)
    {
        var summary = Members.TryGetValue(name, out var member) ? member.Element("summary") : null;
        summary.ShouldNotBeNull($"{name} has no documentation comment");
        return White().Replace(string.Concat(summary.Nodes().Select(Plain)), " ").Trim();
    }

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => (string)see.Attribute("cref")! is var cref ? System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(cref[(cref.LastIndexOf('.') + 1)..]) : "",
        XElement element => element.Value,
        _ => "",
    };

    [GeneratedRegex("\\s+", RegexOptions.None, 1000)]
    private static partial Regex White();
}
