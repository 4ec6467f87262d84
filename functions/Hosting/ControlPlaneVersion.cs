using System.Reflection;

namespace VpsPilot.Functions.Hosting;

/// <summary>Version of this control plane.</summary>
internal static class ControlPlaneVersion
{
    public static string Current { get; } =
        typeof(ControlPlaneVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
