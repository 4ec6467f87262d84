using System.Net.ServerSentEvents;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>Shows a deployment while it goes on.</summary>
internal interface IProgressView
{
    /// <summary>Runs what listens, and shows what it hears.</summary>
    /// <param name="listen">Calls back with every event, and the progress with it.</param>
    /// <param name="ct">Ends it.</param>
    Task<T> ShowAsync<T>(Func<Action<SseItem<string>, DeploymentProgress>, Task<T>> listen, CancellationToken ct);
}
