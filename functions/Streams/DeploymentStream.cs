using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Api;

namespace VpsPilot.Functions.Streams;

/// <summary>A node of a deployment, as an event.</summary>
internal sealed record NodeEvent(string NodeId, NodeStatus Status, Failure? Failure, ServingRelease? Release);

/// <summary>A stage on a node, as an event.</summary>
internal sealed record StepEvent(string NodeId, string Stage, StageState State, DateTimeOffset StartedAt, long? DurationMilliseconds, string? Detail);

/// <summary>
/// The progress of one deployment as server-sent events, until it ends. Each event is the whole value of what it names, so that one which comes
/// twice changes nothing; an id stands for all that was told up to there, and whoever comes back with it hears only what changed since, or all
/// again where that cannot be told.
/// </summary>
internal sealed class DeploymentStream(DeploymentStore deployments, Signal signal, TimeProvider time)
{
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(1);

    /// <summary>Reports of the last stages may come a little after the end.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    public async Task WriteAsync(HttpResponse response, string id, string? lastId, CancellationToken ct)
    {
        var state = await ReadAsync(id, ct);
        if (state.IsFinal && lastId == state.Id)
        {
            // An EventSource stops asking after this.
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var writer = new EventWriter(response, time);
        await writer.BeginAsync(ct);
        var sent = lastId == state.Id ? state.Events : new Dictionary<string, Event>(StringComparer.Ordinal);
        DateTimeOffset? ended = null;
        while (true)
        {
            var pulse = signal.Next;
            state = await ReadAsync(id, ct);
            var news = state.Events.Where(e => sent.GetValueOrDefault(e.Key) != e.Value).ToList();
            foreach (var (i, item) in news.Index())
            {
                // Only the last one stands for everything.
                await writer.SendAsync(item.Value.Name, i == news.Count - 1 ? state.Id : null, item.Value.Json, ct);
            }

            sent = state.Events;
            ended = state.IsFinal ? ended ?? time.GetUtcNow() : null;
            if (time.GetUtcNow() - ended >= Linger)
            {
                await writer.SendAsync("end", state.Id, "{}", ct);
                return;
            }

            await writer.KeepAliveAsync(ct);
            await signal.WaitAsync(pulse, LookAfter, ct);
        }
    }

    private async Task<State> ReadAsync(string id, CancellationToken ct)
    {
        var deployment = (await deployments.GetAsync(id, ct))!;
        var events = new Dictionary<string, Event>(StringComparer.Ordinal);
        foreach (var step in await deployments.StepsAsync(id, ct))
        {
            var value = new StepEvent(step.NodeId, step.Stage, step.State, step.StartedAt, step.DurationMilliseconds, step.Detail);
            events[$"step {step.NodeId} {step.Stage}"] = new("step", JsonSerializer.Serialize(value, StreamsJson.Default.StepEvent));
        }

        foreach (var node in await deployments.NodesAsync(id, ct))
        {
            events["node " + node.NodeId] = new("node", JsonSerializer.Serialize(new NodeEvent(node.NodeId, node.Status, node.Failure, node.Release), StreamsJson.Default.NodeEvent));
        }

        events["deployment"] = new("deployment", JsonSerializer.Serialize(DeploymentView.Of(deployment), DeploymentApiJson.Default.DeploymentView));
        var all = string.Join('\n', events.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Key + " " + e.Value.Json));
        return new(events, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..24], deployment.Status.IsFinal());
    }

    private sealed record Event(string Name, string Json);

    private sealed record State(Dictionary<string, Event> Events, string Id, bool IsFinal);
}
