namespace VpsPilot.Testbed;

/// <summary>A fact that needs a test VPS; skipped, with the reason, where none can boot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VpsFactAttribute : FactAttribute
{
    /// <summary>Asks the machine.</summary>
    public VpsFactAttribute() => Skip = TestVps.UnavailableReason;
}

/// <summary>A theory that needs a test VPS; skipped, with the reason, where none can boot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VpsTheoryAttribute : TheoryAttribute
{
    /// <summary>Asks the machine.</summary>
    public VpsTheoryAttribute() => Skip = TestVps.UnavailableReason;
}
