using System.Net.ServerSentEvents;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>Every event as a line of JSON, as the control plane sent it.</summary>
internal sealed class EventView(Writer output) : IProgressView
{
    public Task<T> ShowAsync<T>(Func<Action<SseItem<string>, DeploymentProgress>, Task<T>> listen, CancellationToken ct) =>
        listen((item, _) => output.Event(item.EventType, item.Data));
}
