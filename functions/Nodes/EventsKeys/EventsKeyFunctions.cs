using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Nodes.EventsKeys;

/// <summary>Changes the key by which all nodes send events.</summary>
internal sealed class EventsKeyFunctions(EventsKeyRotation rotation)
{
    private const int StandardHours = 7 * 24;
    private const int MostHours = 30 * 24;

    [Function(nameof(RotateEventsKey))]
    [RequireRole(Role.Admin)]
    [Api("A new key by which nodes send events; the earlier one is accepted until all have it", Body = typeof(RotateEventsKeyRequest), Answer = typeof(EventsKeyView), Status = 202)]
    public async Task<IActionResult> RotateEventsKey([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/keys/events/rotate")] HttpRequest request, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, NodesJson.Default.RotateEventsKeyRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        var hours = body.OverlapHours ?? StandardHours;
        if (hours is < 0 or > MostHours)
        {
            return Answers.Invalid([new("$.overlapHours", $"must be 0 to {MostHours}.")]);
        }

        return await rotation.BeginAsync(TimeSpan.FromHours(hours), ct) is { } view
            ? Answers.Ok(view, NodesJson.Default.EventsKeyView, 202)
            : Answers.Conflict("rotation-begins", "Another change of this key is just beginning.", "Look with GET /api/keys/events, or ask again in a minute.");
    }

    [Function(nameof(GetEventsKey))]
    [RequireRole(Role.Admin)]
    [Api("How far the last change of the key for events is", Answer = typeof(EventsKeyView))]
    public async Task<IActionResult> GetEventsKey([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/keys/events")] HttpRequest request, CancellationToken ct) =>
        Answers.Ok(await rotation.ReadAsync(ct), NodesJson.Default.EventsKeyView);

    /// <summary>Every minute: nothing to do but during a change.</summary>
    [Function(nameof(EndEventsKeyOverlap))]
    public Task EndEventsKeyOverlap([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken ct) => rotation.EndIfDueAsync(ct);
}
