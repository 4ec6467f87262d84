using System.Text;
using Amqp;
using Amqp.Sasl;
using Amqp.Types;
using VpsPilot.Embedded.Broker.Security;

namespace VpsPilot.Embedded.Broker.Amqp;

/// <summary>A mechanism that proves nothing: ANONYMOUS, or MSSBCBS of the Service Bus clients. A token on <c>$cbs</c> follows.</summary>
internal sealed class TokenLaterSasl(string mechanism) : SaslProfile(mechanism)
{
    protected override ITransport UpgradeTransport(ITransport transport) =>
        new ListenFirstTransport((IAsyncTransport)transport, ConnectionEvents.Current);

    protected override DescribedList? GetStartCommand(string hostname) => null;

    protected override DescribedList OnCommand(DescribedList command) => new SaslOutcome { Code = SaslCode.Ok };
}

/// <summary>PLAIN with the name and the key of a rule.</summary>
internal sealed class RuleSasl(AccessPolicy policy) : SaslProfile("PLAIN")
{
    protected override ITransport UpgradeTransport(ITransport transport) =>
        new ListenFirstTransport((IAsyncTransport)transport, ConnectionEvents.Current);

    protected override DescribedList? GetStartCommand(string hostname) => null;

    protected override DescribedList OnCommand(DescribedList command)
    {
        // RFC 4616: authorization id, authentication id and password, with NUL between them.
        var fields = command is SaslInit { InitialResponse: { } response } ? Encoding.UTF8.GetString(response).Split('\0') : [];
        var grants = fields.Length == 3 ? policy.Check(fields[1], fields[2]) : [];
        foreach (var grant in grants)
            ConnectionEvents.Current?.Access.Add(grant);
        return new SaslOutcome { Code = grants.Count > 0 ? SaslCode.Ok : SaslCode.Auth };
    }
}
