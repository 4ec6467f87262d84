namespace VpsPilot.Dashboard.Tests.Browser;

/// <summary>A fact that needs Debian's Chromium; skipped by name where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = File.Exists(Chromium.Path) ? null : $"There is no {Chromium.Path}.";
}
