using VpsPilot.Contracts.Config;

namespace VpsPilot.Agent.Releases;

/// <summary>What is known of a project on this node.</summary>
internal sealed record ProjectState
{
    /// <summary>The loopback port of its app, in place and in the blue slot.</summary>
    public required int Port { get; init; }

    /// <summary>The loopback port of its app in the green slot; null while it never had one.</summary>
    public int? GreenPort { get; init; }

    /// <summary>The loopback port on which the edge serves a project without domain and port; null where there is no edge.</summary>
    public int? FrontPort { get; init; }

    /// <summary>The slot that has the traffic.</summary>
    public Slot Slot { get; init; }

    /// <summary>When the traffic was last moved (UTC); null when it never was.</summary>
    public DateTimeOffset? SwitchedAt { get; init; }

    /// <summary>How the edge leads to the project; null while it does not.</summary>
    public EdgeRoute? Route { get; init; }

    /// <summary>The slot that had the traffic before and is about to be stopped; null when there is none.</summary>
    public Retirement? Retiring { get; init; }

    /// <summary>A release that has a part of the traffic; null when one release has all of it.</summary>
    public TrafficSplit? Split { get; init; }

    public int PortOf(Slot slot) => slot == Slot.Green ? GreenPort ?? throw new InvalidOperationException("There is no port for the green slot.") : Port;
}

/// <summary>How the edge leads to a project.</summary>
internal sealed record EdgeRoute
{
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Plain HTTP port on all addresses; null: none.</summary>
    public int? Port { get; init; }

    public bool HttpsRedirect { get; init; } = true;

    /// <summary>Largest request body in bytes; null for no limit.</summary>
    public long? MaxBody { get; init; }

    public static EdgeRoute Of(ProjectConfig config) =>
        new() { Domains = config.Domains, Port = config.Edge.Port, HttpsRedirect = config.Edge.HttpsRedirect, MaxBody = config.Edge.MaxBody };
}

/// <summary>A slot without traffic that is about to be stopped.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="ReleaseId">The release in it.</param>
/// <param name="StopAt">Not before this time (UTC): until then going back needs no start.</param>
/// <param name="DrainUntil">Requests under way may take so long (UTC).</param>
internal sealed record Retirement(Slot Slot, string ReleaseId, DateTimeOffset StopAt, DateTimeOffset DrainUntil);

/// <summary>Two releases share the traffic.</summary>
/// <param name="Slot">The slot of the new release.</param>
/// <param name="ReleaseId">The new release.</param>
/// <param name="Percent">Its share.</param>
/// <param name="Since">Since when (UTC).</param>
internal sealed record TrafficSplit(Slot Slot, string ReleaseId, int Percent, DateTimeOffset Since);
