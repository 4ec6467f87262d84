using Amqp;
using Amqp.Framing;
using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Security;

namespace VpsPilot.Embedded.Broker.Amqp.Requests;

/// <summary>Takes tokens (AMQP claims-based security, as Service Bus has it): <c>put-token</c> with a SAS token as the body.</summary>
internal sealed class CbsNode(AccessPolicy policy)
{
    public const string Address = "$cbs";

    public Task<Message> AnswerAsync(Message request, ConnectionAccess access)
    {
        var properties = request.ApplicationProperties;
        if (properties?["operation"] as string != "put-token")
            return Task.FromResult(Response(400, "The operation is not put-token."));
        if (policy.Check((request.BodySection as AmqpValue)?.Value as string) is not { } grant)
            return Task.FromResult(Response(401, "The token is not valid: wrong key, wrong resource, or expired."));
        var name = QueueName.WithoutSuffix(SharedAccessSignature.PathOf(properties["name"] as string ?? ""));
        if (!grant.Covers(name))
            return Task.FromResult(Response(401, "The token does not cover the resource it is put for."));
        access.Add(grant);
        return Task.FromResult(Response(202, "Accepted"));
    }

    private static Message Response(int code, string description) => new()
    {
        ApplicationProperties = new ApplicationProperties { ["status-code"] = code, ["status-description"] = description },
        BodySection = new AmqpValue { Value = null },
    };
}
