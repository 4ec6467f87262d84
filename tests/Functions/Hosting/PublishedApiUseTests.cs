using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using VpsPilot.Embedded.Functions.Tests.Shapes;

namespace VpsPilot.Functions.Tests.Hosting;

/// <summary>The functions app uses what the real packages publish, and nothing of the embedded host: so it compiles against both.</summary>
public sealed class PublishedApiUseTests
{
    [Fact]
    public void The_app_uses_nothing_of_the_embedded_host() =>
        References().Select(r => r.Type).Where(t => t.StartsWith("VpsPilot.Embedded.", StringComparison.Ordinal)).ShouldBeEmpty();

    [PublishedApiFact]
    public void Every_member_the_app_uses_is_published()
    {
        var published = PublishedApi.Read().GroupBy(t => t.Key.Split('<')[0]).ToDictionary(g => g.Key, g => g.SelectMany(t => t.Value.Members).ToList(), StringComparer.Ordinal);
        var uses = References().Where(r => r.Type.StartsWith("Microsoft.Azure.Functions.", StringComparison.Ordinal) || r.Type.StartsWith("Microsoft.DurableTask.", StringComparison.Ordinal)).ToList();
        uses.Count.ShouldBeGreaterThan(30);

        var missing = uses.Where(u => !published.TryGetValue(u.Type, out var members) || (u.Member is not null && !members.Exists(m => Declares(m, u.Member, u.Parameters)))).ToList();

        missing.ShouldBeEmpty(string.Join('\n', missing));
    }

    private static bool Declares(string line, string member, int parameters)
    {
        if (member.StartsWith("get_", StringComparison.Ordinal) || member.StartsWith("set_", StringComparison.Ordinal))
        {
            return line.Contains($" {member[4..]} {{", StringComparison.Ordinal) && (line.Contains(member[..3] + ";", StringComparison.Ordinal) || line.Contains("init;", StringComparison.Ordinal));
        }

        var name = member == ".ctor" ? "new" : member;
        var at = line.IndexOf($" {name}(", StringComparison.Ordinal);
        at = at >= 0 ? at : line.IndexOf($" {name}<", StringComparison.Ordinal);
        return at >= 0 ? ParameterCount(line[(line.LastIndexOf('(') + 1)..^1]) == parameters : line.EndsWith(" " + name, StringComparison.Ordinal);
    }

    private static int ParameterCount(string list)
    {
        var (depth, count) = (0, list.Length == 0 ? 0 : 1);
        foreach (var c in list)
        {
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
            count += c == ',' && depth == 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>What the compiled app refers to, read from its metadata.</summary>
    private static List<(string Type, string? Member, int Parameters)> References()
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "VpsPilot.Functions.dll")));
        var metadata = file.GetMetadataReader();
        var uses = new List<(string Type, string? Member, int Parameters)>();
        foreach (var handle in metadata.TypeReferences)
        {
            uses.Add((NameOf(metadata, metadata.GetTypeReference(handle)), null, 0));
        }

        foreach (var member in metadata.MemberReferences.Select(metadata.GetMemberReference))
        {
            if (ParentOf(metadata, member.Parent) is { } parent)
            {
                var signature = metadata.GetBlobReader(member.Signature);
                var header = signature.ReadSignatureHeader();
                if (header.IsGeneric)
                {
                    signature.ReadCompressedInteger();
                }

                uses.Add((parent, metadata.GetString(member.Name), header.Kind == SignatureKind.Method ? signature.ReadCompressedInteger() : 0));
            }
        }

        return uses;
    }

    private static string? ParentOf(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference)
        {
            return NameOf(metadata, metadata.GetTypeReference((TypeReferenceHandle)parent));
        }

        if (parent.Kind != HandleKind.TypeSpecification)
        {
            return null;
        }

        // A generic type: GENERICINST, CLASS or VALUETYPE, then the type.
        var blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (blob.ReadByte() != (byte)SignatureTypeCode.GenericTypeInstance)
        {
            return null;
        }

        blob.ReadByte();
        return blob.ReadTypeHandle() is { Kind: HandleKind.TypeReference } type ? NameOf(metadata, metadata.GetTypeReference((TypeReferenceHandle)type)) : null;
    }

    private static string NameOf(MetadataReader metadata, TypeReference type)
    {
        var name = metadata.GetString(type.Name).Split('`')[0];
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{NameOf(metadata, metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope))}+{name}"
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }
}
