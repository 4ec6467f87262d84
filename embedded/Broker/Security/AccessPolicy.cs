using System.Security.Cryptography;
using System.Text;
using VpsPilot.Embedded.Broker.Queues;
using VpsPilot.Embedded.Broker.Storage;

namespace VpsPilot.Embedded.Broker.Security;

/// <summary>What a credential allows: rights on a path and everything under it, until a time.</summary>
/// <param name="Path">Queue name; empty for the whole namespace.</param>
/// <param name="Rights">What may be done there.</param>
/// <param name="Until">Unix milliseconds.</param>
internal sealed record Grant(string Path, AccessRights Rights, long Until)
{
    public bool Covers(string path) =>
        Path.Length == 0 || path.Equals(Path, StringComparison.OrdinalIgnoreCase)
        || (path.Length > Path.Length && path[Path.Length] == '/' && path.StartsWith(Path, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Checks credentials against the root rule and the rules of the queues.</summary>
internal sealed class AccessPolicy(BrokerStore store)
{
    /// <summary>What a token allows, or null when it is not valid.</summary>
    public Grant? Check(string? token)
    {
        if (SharedAccessSignature.Parse(token) is not { } signature)
            return null;
        var until = signature.Expiry > Clock.Never / 1000 ? Clock.Never : signature.Expiry * 1000;
        if (until <= store.Time.Now())
            return null;
        if (signature.KeyName == store.Options.RootKeyName && signature.IsSignedWith(store.Options.RootKey))
            return new Grant(QueueName.WithoutSuffix(signature.Path), AccessRights.All, until);
        // A rule of a queue is good for that queue only, whatever resource the token names.
        var path = QueueName.WithoutSuffix(signature.Path);
        if (QueueOf(path) is not { } queue)
            return null;
        var rule = queue.Settings.Rules.FirstOrDefault(rule =>
            rule.KeyName == signature.KeyName && (signature.IsSignedWith(rule.PrimaryKey) || signature.IsSignedWith(rule.SecondaryKey)));
        return rule is null ? null : new Grant(path, rule.Rights, until);
    }

    /// <summary>What a rule name with its key (SASL PLAIN) allows; empty when they do not fit.</summary>
    public IReadOnlyList<Grant> Check(string keyName, string key)
    {
        if (keyName == store.Options.RootKeyName && SameKey(key, store.Options.RootKey))
            return [new Grant("", AccessRights.All, Clock.Never)];
        return
        [
            .. from queue in store.Queues.All
               from rule in queue.Settings.Rules
               where rule.KeyName == keyName && (SameKey(key, rule.PrimaryKey) || SameKey(key, rule.SecondaryKey))
               select new Grant(queue.Name, rule.Rights, Clock.Never),
        ];
    }

    private QueueEntity? QueueOf(string path)
    {
        for (var name = path; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('/'))])
        {
            if (store.Queues.Find(name) is { } queue)
                return queue;
        }
        return null;
    }

    private static bool SameKey(string given, string key) =>
        key.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(key));
}
