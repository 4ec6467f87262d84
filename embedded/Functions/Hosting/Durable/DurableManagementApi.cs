using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Embedded.Functions.Hosting.Http;

namespace VpsPilot.Embedded.Functions.Hosting.Durable;

/// <summary>The HTTP management API of Durable Functions, behind the system key. Shapes: Microsoft's reference "HTTP APIs in Durable Functions".</summary>
internal static class DurableManagementApi
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(ManagementAddresses.Path);
        group.AddEndpointFilter(Guard);
        endpoints.MapPost(ManagementAddresses.StartPath + "/{name}/{id?}", StartAsync).AddEndpointFilter(Guard);
        group.MapGet("", ListAsync);
        group.MapDelete("", PurgeManyAsync);
        group.MapGet("{id}", GetAsync);
        group.MapDelete("{id}", PurgeAsync);
        group.MapPost("{id}/raiseEvent/{name}", RaiseEventAsync);
        group.MapPost("{id}/terminate", (string id, string? reason, DurableTaskClient client, CancellationToken ct) => SteerAsync(id, client, () => client.TerminateInstanceAsync(id, (object?)reason, ct), ct));
        group.MapPost("{id}/restart", RestartAsync);
        group.MapPost("{id}/rewind", () => Results.Problem("Rewind is not supported by the embedded host. Use restart.", statusCode: StatusCodes.Status501NotImplemented));
        group.MapPost("{id}/suspend", (string id, string? reason, DurableTaskClient client, CancellationToken ct) => SteerAsync(id, client, () => client.SuspendInstanceAsync(id, reason, ct), ct));
        group.MapPost("{id}/resume", (string id, string? reason, DurableTaskClient client, CancellationToken ct) => SteerAsync(id, client, () => client.ResumeInstanceAsync(id, reason, ct), ct));
    }

    private static async ValueTask<object?> Guard(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<AccessKeys>().Opens(context.HttpContext.Request, AuthorizationLevel.System)
            ? await next(context)
            : Results.Unauthorized();

    private static async Task<IResult> StartAsync(string name, string? id, HttpRequest request, DurableTaskClient client, DurableTaskRegistry registry, CancellationToken ct)
    {
        if (registry.GetOrchestrators().All(o => o.Key != name))
        {
            return Results.BadRequest($"There is no orchestrator '{name}'.");
        }

        try
        {
            var started = await client.ScheduleNewOrchestrationInstanceAsync(name, await RequestJson.ReadAsync(request, ct), new StartOrchestrationOptions(id), ct);
            return Started(client, started, request);
        }
        catch (JsonException)
        {
            return Results.BadRequest("The body is not valid JSON.");
        }
        catch (OrchestrationAlreadyExistsException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static IResult Started(DurableTaskClient client, string id, HttpRequest request)
    {
        var payload = ManagementAddresses.Of(client, id, new Uri($"{request.Scheme}://{request.Host}"));
        request.HttpContext.Response.Headers.RetryAfter = "10";
        return Results.Accepted(payload.StatusQueryGetUri, payload);
    }

    private static async Task<IResult> RestartAsync(string id, bool? restartWithNewInstanceId, HttpRequest request, DurableTaskClient client, CancellationToken ct)
    {
        try
        {
            var restarted = await client.RestartAsync(id, restartWithNewInstanceId ?? true, ct);
            return Started(client, restarted, request);
        }
        catch (ArgumentException)
        {
            return Results.NotFound();
        }
        catch (InvalidOperationException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static async Task<IResult> GetAsync(string id, bool? showInput, bool? showHistory, bool? showHistoryOutput, bool? returnInternalServerErrorOnFailure, HttpContext http, DurableTaskClient client, CancellationToken ct)
    {
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, ct) is not { } instance)
        {
            return Results.NotFound();
        }

        var description = InstanceDescription.Of(instance, showInput ?? true);
        if (showHistory == true)
        {
            var events = await client.GetOrchestrationHistoryAsync(id, ct);
            description["historyEvents"] = new JsonArray([.. events.OfType<RecordedEvent>().Select(e => InstanceDescription.OfEvent(e, showHistoryOutput == true))]);
        }

        if (instance.IsCompleted)
        {
            var failed = instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed && returnInternalServerErrorOnFailure == true;
            return Results.Json(description, statusCode: failed ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
        }

        http.Response.Headers.Location = http.Request.GetEncodedUrl();
        http.Response.Headers.RetryAfter = "10";
        return Results.Json(description, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(string? runtimeStatus, DateTimeOffset? createdTimeFrom, DateTimeOffset? createdTimeTo, string? instanceIdPrefix, int? top, bool? showInput, HttpContext http, DurableTaskClient client)
    {
        if (top <= 0 || !ContinuationToken.TryRead(http.Request, out var after))
        {
            return Results.BadRequest("'top' must be at least 1, and the continuation token one of an earlier answer.");
        }

        if (!TryReadStatuses(runtimeStatus, out var statuses, out var refusal))
        {
            return refusal;
        }

        var query = new OrchestrationQuery(createdTimeFrom, createdTimeTo, statuses, null, instanceIdPrefix, top ?? OrchestrationQuery.DefaultPageSize, true, after);
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(query.ContinuationToken, query.PageSize))
        {
            if (page.ContinuationToken is { } more)
            {
                ContinuationToken.Write(http.Response, more);
            }

            return Results.Json(new JsonArray([.. page.Values.Select(i => InstanceDescription.Of(i, showInput ?? true))]));
        }

        return Results.Json(new JsonArray());
    }

    private static async Task<IResult> RaiseEventAsync(string id, string name, HttpRequest request, DurableTaskClient client, CancellationToken ct)
    {
        if (await client.GetInstanceAsync(id, ct) is not { } instance)
        {
            return Results.NotFound();
        }

        if (instance.IsCompleted)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }

        try
        {
            await client.RaiseEventAsync(id, name, await RequestJson.ReadAsync(request, ct), ct);
            return Results.Accepted();
        }
        catch (JsonException)
        {
            return Results.BadRequest("The body is not valid JSON.");
        }
    }

    private static async Task<IResult> SteerAsync(string id, DurableTaskClient client, Func<Task> steer, CancellationToken ct)
    {
        if (await client.GetInstanceAsync(id, ct) is not { } instance)
        {
            return Results.NotFound();
        }

        if (instance.IsCompleted)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }

        await steer();
        return Results.Accepted();
    }

    private static async Task<IResult> PurgeAsync(string id, DurableTaskClient client, CancellationToken ct)
    {
        var purged = await client.PurgeInstanceAsync(id, cancellation: ct);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Json(new JsonObject { ["instancesDeleted"] = purged.PurgedInstanceCount });
    }

    private static async Task<IResult> PurgeManyAsync(DateTimeOffset? createdTimeFrom, DateTimeOffset? createdTimeTo, string? runtimeStatus, DurableTaskClient client, CancellationToken ct)
    {
        if (createdTimeFrom is null)
        {
            return Results.BadRequest("'createdTimeFrom' is missing: a purge says from when on.");
        }

        if (!TryReadStatuses(runtimeStatus, out var statuses, out var refusal))
        {
            return refusal;
        }

        var purged = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(createdTimeFrom, createdTimeTo, statuses), ct);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Json(new JsonObject { ["instancesDeleted"] = purged.PurgedInstanceCount });
    }

    /// <summary>A word that is no status is refused: left out, the filter would take in more than was meant. Null means all.</summary>
    private static bool TryReadStatuses(string? text, out List<OrchestrationRuntimeStatus>? statuses, [NotNullWhen(false)] out IResult? refusal)
    {
        (statuses, refusal) = (null, null);
        foreach (var word in text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
        {
            if (!Enum.TryParse<OrchestrationRuntimeStatus>(word, ignoreCase: true, out var status) || !Enum.IsDefined(status))
            {
                refusal = Results.BadRequest($"'{word}' is no runtime status. There are: {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}.");
                return false;
            }

            (statuses ??= []).Add(status);
        }

        return true;
    }
}
