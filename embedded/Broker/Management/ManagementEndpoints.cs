using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using VpsPilot.Embedded.Broker.Queues;

namespace VpsPilot.Embedded.Broker.Management;

/// <summary>The queue part of the Service Bus management API over HTTP.</summary>
internal static class ManagementEndpoints
{
    private const string ListPath = "$Resources/queues";
    private const int MaxBodyBytes = 256 * 1024;
    private const string AtomType = "application/atom+xml;type=entry;charset=utf-8";

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("");
        group.MapGet("/" + ListPath, (HttpContext context, EmbeddedBroker broker) => Guarded(context, broker, ListPath, () => List(context, broker)));
        group.MapGet("/{**queue}", (HttpContext context, EmbeddedBroker broker, string queue) => Guarded(context, broker, queue, () => Get(context, broker, queue)));
        group.MapPut("/{**queue}", (HttpContext context, EmbeddedBroker broker, string queue) => Guarded(context, broker, queue, () => PutAsync(context, broker, queue)));
        group.MapDelete("/{**queue}", (HttpContext context, EmbeddedBroker broker, string queue) => Guarded(context, broker, queue, () => DeleteAsync(context, broker, queue)));
        return group;
    }

    private static async Task<IResult> Guarded(HttpContext context, EmbeddedBroker broker, string queue, Func<Task<IResult>> serve)
    {
        var grant = broker.Policy.Check(context.Request.Headers.Authorization.ToString());
        if (grant is null)
            return Error(StatusCodes.Status401Unauthorized, "The Authorization header has no valid SharedAccessSignature token.");
        return grant.Rights.HasFlag(AccessRights.Manage) && grant.Covers(queue)
            ? await serve()
            : Error(StatusCodes.Status403Forbidden, "The token does not give the Manage right here.");
    }

    private static Task<IResult> List(HttpContext context, EmbeddedBroker broker)
    {
        var skip = Number(context, "$skip", 0);
        var top = Math.Clamp(Number(context, "$top", 100), 1, 1000);
        var entries = broker.Store.Queues.All.Skip(skip).Take(top).Select(queue => Entry(context, queue));
        return Task.FromResult(Xml(StatusCodes.Status200OK, QueueDescriptionXml.Feed(Address(context, ListPath), entries)));
    }

    private static Task<IResult> Get(HttpContext context, EmbeddedBroker broker, string name) => Task.FromResult(
        broker.Store.Queues.Find(name) is { } queue
            ? Xml(StatusCodes.Status200OK, Entry(context, queue))
            : Error(StatusCodes.Status404NotFound, $"The messaging entity '{name}' could not be found."));

    private static async Task<IResult> PutAsync(HttpContext context, EmbeddedBroker broker, string name)
    {
        if (!QueueName.IsValid(name))
            return Error(StatusCodes.Status400BadRequest, "The name of the queue is not valid.");
        QueueSettings settings;
        try
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = MaxBodyBytes;
            var safe = new XmlReaderSettings { Async = true, DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = MaxBodyBytes };
            using var reader = XmlReader.Create(context.Request.Body, safe);
            var document = await XDocument.LoadAsync(reader, LoadOptions.None, context.RequestAborted);
            settings = QueueDescriptionXml.Read(document, broker.Store.Options.QueueDefaults);
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            return Error(StatusCodes.Status400BadRequest, e.Message);
        }
        // If-Match asks for a change of what exists; without it the queue must be new.
        if (context.Request.Headers.IfMatch.Count > 0)
        {
            if (broker.Store.Queues.Find(name) is null)
                return Error(StatusCodes.Status404NotFound, $"The messaging entity '{name}' could not be found.");
            await broker.UpdateQueueAsync(name, settings, context.RequestAborted);
            return Xml(StatusCodes.Status200OK, Entry(context, broker.Store.Queues.Get(name)));
        }
        return await broker.CreateQueueAsync(name, settings, context.RequestAborted)
            ? Xml(StatusCodes.Status201Created, Entry(context, broker.Store.Queues.Get(name)))
            : Error(StatusCodes.Status409Conflict, $"The queue '{name}' already exists.");
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, EmbeddedBroker broker, string name) =>
        await broker.DeleteQueueAsync(name, context.RequestAborted)
            ? Results.Ok()
            : Error(StatusCodes.Status404NotFound, $"The messaging entity '{name}' could not be found.");

    private static XElement Entry(HttpContext context, QueueEntity queue) =>
        QueueDescriptionXml.Entry(queue.Name, queue.Settings, queue.Counts, Address(context, queue.Name));

    private static Uri Address(HttpContext context, string path) =>
        new($"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}/{path}");

    private static int Number(HttpContext context, string name, int otherwise) =>
        int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private static IResult Xml(int status, XElement content) =>
        Results.Content(new XDocument(content).ToString(SaveOptions.DisableFormatting), AtomType, statusCode: status);

    private static IResult Error(int status, string detail) =>
        Results.Content(
            new XElement("Error", new XElement("Code", status), new XElement("Detail", detail)).ToString(SaveOptions.DisableFormatting),
            "application/xml;charset=utf-8",
            statusCode: status);
}
