using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

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

    /// <summary>Whether nodes with private networks reach it, under the name <c>testbed-host</c>; default false: this machine's loopback alone.</summary>
    public bool ForPrivateNetworks { get; init; }

    /// <summary>Settings beyond these.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>Base address of the HTTP API.</summary>
    public Uri Url => new($"{(IsEncrypted ? "https" : "http")}://127.0.0.1:{HttpPort}/");

    /// <summary>Whether it speaks https and amqps, with certificates from its own authority.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>A client for its HTTP API; over https it trusts the control plane's own authority alone.</summary>
    public HttpClient CreateClient(TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler();
        if (IsEncrypted)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(DataDirectory, "ca.pem"))));
            handler.SslOptions.CertificateChainPolicy = trust;
        }

        return new HttpClient(handler) { BaseAddress = Url, Timeout = timeout };
    }

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
    public IReadOnlyList<string> Arguments()
    {
        var (listen, name) = ForPrivateNetworks ? ("0.0.0.0", "testbed-host") : ("127.0.0.1", "127.0.0.1");
        var queues = IsEncrypted ? "amqps" : "amqp";
        return
        [
            $"--Embedded:Urls={(IsEncrypted ? "https" : "http")}://{listen}:{HttpPort}",
            $"--Embedded:DataDirectory={DataDirectory}",
            $"--Embedded:Broker:Endpoint={queues}://{listen}:{QueuePort}",
            $"--PublicUrl={(IsEncrypted ? "https" : "http")}://{name}:{HttpPort}",
            $"--PublicQueueEndpoint={queues}://{name}:{QueuePort}",
            $"--Embedded:AllowPlainText={ForPrivateNetworks}",
            .. AgentPackages is null ? Array.Empty<string>() : [$"--AgentPackages:Directory={AgentPackages}"],
            .. More,
        ];
    }
}
