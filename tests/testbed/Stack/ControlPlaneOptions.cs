using System.Net;
using System.Net.Sockets;

namespace VpsPilot.Testbed.Stack;

/// <summary>Where a control plane runs and keeps its data.</summary>
/// <param name="ProgramDirectory">Folder with the published functions app.</param>
/// <param name="DataDirectory">Its one data folder.</param>
/// <param name="HttpPort">Loopback port of the HTTP API.</param>
/// <param name="QueuePort">Loopback port of the AMQP broker.</param>
public sealed record ControlPlaneOptions(string ProgramDirectory, string DataDirectory, int HttpPort, int QueuePort)
{
    /// <summary>Folder with the agent's binary, which nodes download; null serves none.</summary>
    public string? AgentPackages { get; init; }

    /// <summary>Base address of the HTTP API.</summary>
    public Uri Url => new($"http://127.0.0.1:{HttpPort}/");

    /// <summary>Its log.</summary>
    public string LogFile => Path.Combine(DataDirectory, "control-plane.log");

    /// <summary>Options with ports that are free now.</summary>
    public static ControlPlaneOptions OnFreePorts(string programDirectory, string dataDirectory) =>
        new(programDirectory, dataDirectory, FreePort(), FreePort());

    /// <summary>A loopback port that is free now. Below the range of outgoing connections, so that none of those takes it first.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(22_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another then.
            }
        }
    }

    /// <summary>Command-line settings of the process.</summary>
    public IReadOnlyList<string> Arguments() =>
    [
        $"--Embedded:Urls=http://127.0.0.1:{HttpPort}",
        $"--Embedded:DataDirectory={DataDirectory}",
        $"--Embedded:Broker:Endpoint=amqp://127.0.0.1:{QueuePort}",
        $"--PublicUrl=http://127.0.0.1:{HttpPort}",
        .. AgentPackages is null ? Array.Empty<string>() : [$"--AgentPackages:Directory={AgentPackages}"],
    ];
}
