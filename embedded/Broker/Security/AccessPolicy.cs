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
    /// <summary>What it was given for; null for the root rule, which stays as long as the broker runs.</summary>
    public RuleKey? Key { get; init; }

    /// <summary>The rights that are left: a rule may be changed or taken away, and its queue deleted, while a connection is open.</summary>
    public AccessRights RightsNow => Key is null ? Rights : Rights & Key.Rights;

    public bool Covers(string path) =>
        Path.Length == 0 || path.Equals(Path, StringComparison.OrdinalIgnoreCase)
        || (path.Length > Path.Length && path[Path.Length] == '/' && path.StartsWith(Path, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A key of a rule, as a client has shown it.</summary>
internal sealed class RuleKey(QueueEntity queue, string keyName, string key)
{
    /// <summary>What the rule allows now, to whoever has this key.</summary>
    public AccessRights Rights =>
        queue.Deleted.IsCancellationRequested ? AccessRights.None
        : queue.Settings.Rules.FirstOrDefault(r => r.KeyName == keyName && (r.PrimaryKey == key || r.SecondaryKey == key))?.Rights ?? AccessRights.None;
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
        var found =
            from rule in queue.Settings.Rules
            where rule.KeyName == signature.KeyName
            from key in (string[])[rule.PrimaryKey, rule.SecondaryKey]
            where signature.IsSignedWith(key)
            select new Grant(path, rule.Rights, until) { Key = new(queue, rule.KeyName, key) };
        return found.FirstOrDefault();
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
               select new Grant(queue.Name, rule.Rights, Clock.Never) { Key = new(queue, rule.KeyName, key) },
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
