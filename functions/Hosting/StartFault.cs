using System.Data.Common;
using System.Net.Sockets;

namespace VpsPilot.Functions.Hosting;

/// <summary>What a person is told when the control plane does not start: for what lies outside of it one line, without a stack.</summary>
internal static class StartFault
{
    /// <summary>The messages of an exception and of what caused it, in one line; null for a fault of VPS Pilot, of which the whole is wanted.</summary>
    public static string? Line(Exception exception)
    {
        var chain = new List<Exception>();
        for (var e = exception; e is not null; e = e.InnerException)
        {
            chain.Add(e);
        }

        return chain.Exists(e => e is IOException or UnauthorizedAccessException or DbException or SocketException)
            ? "The control plane cannot start: " + string.Join(" ", chain.Select(e => e.Message.ReplaceLineEndings(" ").Trim()).Distinct(StringComparer.Ordinal))
            : null;
    }
}
