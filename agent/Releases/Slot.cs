using System.Text.Json.Serialization;

namespace VpsPilot.Agent.Releases;

/// <summary>One of the places in which a release of a project runs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Slot>))]
internal enum Slot
{
    /// <summary>The one unit of the in-place strategy. It has the blue slot's port.</summary>
    [JsonStringEnumMemberName("in-place")] InPlace,

    /// <summary>One of the two slots of a blue-green switch.</summary>
    [JsonStringEnumMemberName("blue")] Blue,

    /// <summary>The other one, with a port of its own.</summary>
    [JsonStringEnumMemberName("green")] Green,
}

/// <summary>How slots are named.</summary>
internal static class SlotNames
{
    /// <summary>As in unit names, links and reports.</summary>
    public static string Word(this Slot slot) => slot switch
    {
        Slot.Blue => "blue",
        Slot.Green => "green",
        _ => "in-place",
    };

    /// <summary>As in the contracts: null in place.</summary>
    public static string? Reported(this Slot slot) => slot == Slot.InPlace ? null : slot.Word();

    /// <summary>The slot that a blue-green switch goes to from this one. From in place it is green, whose port is free.</summary>
    public static Slot Other(this Slot slot) => slot == Slot.Green ? Slot.Blue : Slot.Green;
}
