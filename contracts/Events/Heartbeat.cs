using System.Collections.ObjectModel;

namespace VpsPilot.Contracts.Events;

/// <summary>A sign of life, every 15 s by default: what the node is, and what serves on it.</summary>
public sealed record Heartbeat : AgentEvent
{
    /// <summary>Version of the agent.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Facts of the node.</summary>
    public required NodeFacts Facts { get; init; }

    /// <summary>What serves, by project id.</summary>
    public IReadOnlyDictionary<string, ServingRelease> Serving { get => field ?? ReadOnlyDictionary<string, ServingRelease>.Empty; init; } = ReadOnlyDictionary<string, ServingRelease>.Empty;
}

/// <summary>Facts of a node.</summary>
public sealed record NodeFacts
{
    /// <summary>Host name.</summary>
    public required string HostName { get; init; }

    /// <summary>Nix system, for example <c>x86_64-linux</c>.</summary>
    public required string System { get; init; }

    /// <summary>Pretty name of the operating system.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>Version of Nix; null when it is not installed.</summary>
    public string? NixVersion { get; init; }

    /// <summary>Number of processors.</summary>
    public int Processors { get; init; }

    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Free bytes on the file system of the Nix store.</summary>
    public long DiskFreeBytes { get; init; }

    /// <summary>Load average over one minute.</summary>
    public double Load1 { get; init; }
}
