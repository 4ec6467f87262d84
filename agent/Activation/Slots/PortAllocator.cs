using System.Net;
using System.Net.Sockets;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Settings;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation.Slots;

/// <summary>Gives each project the loopback ports that it needs, which it keeps.</summary>
internal sealed class PortAllocator(ReleaseStore releases, AgentSettings settings)
{
    private readonly Lock gate = new();

    /// <summary>The project's state, with a port for its app.</summary>
    public Result<ProjectState> Of(string projectId, string step)
    {
        lock (gate)
            return releases.State(projectId) is { } known ? known : Give(step, port => Keep(projectId, new ProjectState { Port = port }));
    }

    /// <summary>The project's state, with the ports of a project behind an edge too: one for its green slot, and one for itself.</summary>
    public Result<ProjectState> BehindEdge(string projectId, string step)
    {
        lock (gate)
        {
            if (!Of(projectId, step).Is(out var state, out var failure))
                return failure;
            if (state.GreenPort is null && !Give(step, port => Keep(projectId, state with { GreenPort = port })).Is(out state, out failure))
                return failure;
            return state.FrontPort is null ? Give(step, port => Keep(projectId, state with { FrontPort = port })) : state;
        }
    }

    private Result<ProjectState> Give(string step, Func<int, ProjectState> keep)
    {
        var taken = releases.Projects().Select(releases.State).OfType<ProjectState>().SelectMany(s => new[] { s.Port, s.GreenPort, s.FrontPort }).ToHashSet();
        for (var port = settings.Ports.From; port <= settings.Ports.To; port++)
        {
            if (!taken.Contains(port) && IsFree(port))
                return keep(port);
        }

        return new Failure(step, FailureKind.Rejected, $"No port from {settings.Ports.From} to {settings.Ports.To} is free.") { Hint = "Widen ports in /etc/vpspilot/agent.json." };
    }

    private ProjectState Keep(string projectId, ProjectState state)
    {
        releases.Save(projectId, state);
        return state;
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
