using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace VpsPilot.Embedded.Functions.Tests.Shapes;

/// <summary>What the embedded host declares in Microsoft's namespaces has exactly the real shape.</summary>
public sealed class ShapeTests
{
    [PublishedApiFact]
    public void Every_declared_type_is_as_published()
    {
        var published = PublishedApi.Read();
        var differences = new List<string>();
        foreach (var type in Declared())
        {
            var name = ApiText.Name(type);
            if (!published.TryGetValue(name, out var real))
            {
                differences.Add($"{name} is not published");
                continue;
            }

            if (!SameHeader(ApiText.Header(type), real.Header))
            {
                differences.Add($"{name}: declared as '{ApiText.Header(type)}', published as '{real.Header}'");
            }

            var members = ApiText.Members(type).ToHashSet(StringComparer.Ordinal);
            differences.AddRange(members.Except(real.Members).Select(m => $"{name}: not published: {m}"));
            differences.AddRange(real.Members.Except(members).Where(m => !LeftOut(m)).Select(m => $"{name}: missing: {m}"));
        }

        differences.ShouldBeEmpty(string.Join('\n', differences));
    }

    private static IEnumerable<Type> Declared() =>
        new[] { typeof(TaskOrchestrationContext).Assembly, typeof(FunctionAttribute).Assembly }
            .SelectMany(a => a.GetExportedTypes())
            .Where(t => t.Namespace!.StartsWith("Microsoft.", StringComparison.Ordinal) && !t.Namespace.EndsWith(".Internal", StringComparison.Ordinal));

    /// <summary>Durable entities are left out on purpose (docs/embedded-host.md).</summary>
    private static bool LeftOut(string member) =>
        member.Contains(".Entities.", StringComparison.Ordinal) || member.Contains(" AddEntity", StringComparison.Ordinal);

    private static bool SameHeader(string ours, string real)
    {
        static IEnumerable<string> Parts(string header) => header.Split(" : ") is [var type, var bases]
            ? [type, .. bases.Split(", ").Order(StringComparer.Ordinal)]
            : [header];
        return Parts(ours).SequenceEqual(Parts(real));
    }
}
