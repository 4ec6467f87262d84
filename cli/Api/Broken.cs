using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;
using VpsPilot.Cli.Servers;

namespace VpsPilot.Cli.Api;

/// <summary>Exceptions of broken transports, told as complaints.</summary>
internal static class Broken
{
    /// <summary>Null for an exception that is another thing, such as a wish of the caller to stop.</summary>
    public static Complaint? Complaint(Exception e, Server server, CancellationToken ct) => e switch
    {
        OperationCanceledException when ct.IsCancellationRequested => null,
        OperationCanceledException => Unreachable("timeout", $"{server.Url} did not answer in time."),
        HttpRequestException { InnerException: AuthenticationException } => Unreachable("tls", $"The certificate of {server.Url} is not trusted.") with
        {
            Hint = "For a control plane with an authority of its own: vpspilot login URL --ca ca.pem",
        },
        HttpRequestException { InnerException: SocketException socket } => Unreachable("unreachable", $"{server.Url} cannot be reached: {socket.Message}.") with
        {
            Hint = "Check the address, and that the control plane runs.",
        },
        HttpRequestException or IOException => Unreachable("connection-lost", $"The connection to {server.Url} was lost: {e.Message}"),
        JsonException => Unreachable("no-api", $"{server.Url} does not answer as a control plane does.") with { Hint = "Check the address." },
        _ => null,
    };

    private static Complaint Unreachable(string code, string message) => new(ExitCode.Unreachable, code, message);
}
