using System.Text.Json.Serialization;
using VpsPilot.Functions.Nodes.EventsKeys;
using VpsPilot.Functions.Nodes.Moving;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Nodes;

/// <summary>Source-generated JSON of nodes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(NodeSign))]
[JsonSerializable(typeof(LastSign))]
[JsonSerializable(typeof(NodeReference))]
[JsonSerializable(typeof(CreateNodeRequest))]
[JsonSerializable(typeof(CreatedNode))]
[JsonSerializable(typeof(AskedNodes))]
[JsonSerializable(typeof(MoveTarget))]
[JsonSerializable(typeof(EventsKeyChange))]
[JsonSerializable(typeof(RotateEventsKeyRequest))]
[JsonSerializable(typeof(EventsKeyView))]
[JsonSerializable(typeof(NodeView))]
[JsonSerializable(typeof(Page<NodeView>))]
internal sealed partial class NodesJson : JsonSerializerContext;
