using System.Net;
using System.Net.Sockets;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation;

/// <summary>Gives each project a loopback port, which it keeps.</summary>
internal sealed class PortAllocator(ReleaseStore releases, AgentSettings settings)
{
    private readonly Lock gate = new();

    public Result<ProjectState> Of(string projectId, string step)
    {
        lock (gate)
        {
            if (releases.State(projectId) is { } known)
                return known;
            var taken = releases.Projects().Select(p => releases.State(p)?.Port).ToHashSet();
            for (var port = settings.Ports.From; port <= settings.Ports.To; port++)
            {
                if (taken.Contains(port) || !IsFree(port))
                    continue;
                var state = new ProjectState { Port = port };
                releases.Save(projectId, state);
                return state;
            }

            return new Failure(step, FailureKind.Rejected, $"No port from {settings.Ports.From} to {settings.Ports.To} is free.") { Hint = "Widen ports in /etc/vpspilot/agent.json." };
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
