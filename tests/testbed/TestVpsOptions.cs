namespace VpsPilot.Testbed;

/// <summary>How a test VPS is booted.</summary>
public sealed record TestVpsOptions
{
    /// <summary>A network of its own, with this machine as its only neighbour, whose link can be cut; default false: it shares this machine's network.</summary>
    public bool PrivateNetwork { get; init; }

    /// <summary>Whether it has exactly the given name and stays when the program that booted it ends; default false.</summary>
    public bool Standing { get; init; }

    /// <summary>Folders of this machine seen inside, writable: folder here → folder there.</summary>
    public IReadOnlyDictionary<string, string> Binds { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
