using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace VpsPilot.Embedded.Broker.Management;

/// <summary>Queue settings as the Atom entries of the Service Bus management API (version 2021-05).</summary>
internal static class QueueDescriptionXml
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace ServiceBus = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
    private static readonly XNamespace Counts = "http://schemas.microsoft.com/netservices/2011/06/servicebus";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    // Clients want these times; Service Bus writes this one where there is none.
    private const string NotKept = "0001-01-01T00:00:00Z";

    /// <exception cref="FormatException">The document is not a queue description.</exception>
    public static QueueSettings Read(XDocument document, QueueSettings defaults)
    {
        var description = document.Descendants(ServiceBus + "QueueDescription").FirstOrDefault()
            ?? throw new FormatException("The entry has no QueueDescription.");
        if (Flag(description, "RequiresSession", false))
            throw new FormatException("Sessions are not supported.");
        return new QueueSettings
        {
            LockDuration = Span(description, "LockDuration", defaults.LockDuration),
            MaxDeliveryCount = int.TryParse(Text(description, "MaxDeliveryCount"), CultureInfo.InvariantCulture, out var count) && count > 0 ? count : defaults.MaxDeliveryCount,
            DefaultTimeToLive = Span(description, "DefaultMessageTimeToLive", defaults.DefaultTimeToLive),
            DeadLetterOnExpiration = Flag(description, "DeadLetteringOnMessageExpiration", defaults.DeadLetterOnExpiration),
            RequiresDuplicateDetection = Flag(description, "RequiresDuplicateDetection", defaults.RequiresDuplicateDetection),
            DuplicateDetectionWindow = Span(description, "DuplicateDetectionHistoryTimeWindow", defaults.DuplicateDetectionWindow),
            Rules = [.. description.Descendants(ServiceBus + "AuthorizationRule").Select(Rule)],
        };
    }

    public static XElement Entry(string name, QueueSettings settings, QueueCounts counts, Uri address) =>
        new(Atom + "entry",
            new XElement(Atom + "id", address),
            new XElement(Atom + "title", new XAttribute("type", "text"), name),
            new XElement(Atom + "content", new XAttribute("type", "application/xml"),
                new XElement(ServiceBus + "QueueDescription", new XAttribute(XNamespace.Xmlns + "i", Instance),
                    Element("LockDuration", XmlConvert.ToString(settings.LockDuration)),
                    Element("MaxSizeInMegabytes", 1024),
                    Element("RequiresDuplicateDetection", settings.RequiresDuplicateDetection),
                    Element("RequiresSession", false),
                    Element("DefaultMessageTimeToLive", XmlConvert.ToString(settings.DefaultTimeToLive)),
                    Element("DeadLetteringOnMessageExpiration", settings.DeadLetterOnExpiration),
                    Element("DuplicateDetectionHistoryTimeWindow", XmlConvert.ToString(settings.DuplicateDetectionWindow)),
                    Element("MaxDeliveryCount", settings.MaxDeliveryCount),
                    Element("EnableBatchedOperations", true),
                    Element("SizeInBytes", 0),
                    Element("MessageCount", counts.Active + counts.DeadLetter + counts.Scheduled),
                    Element("AuthorizationRules", settings.Rules.Select(Rule)),
                    Element("Status", "Active"),
                    Element("CreatedAt", NotKept),
                    Element("UpdatedAt", NotKept),
                    Element("AccessedAt", NotKept),
                    new XElement(ServiceBus + "CountDetails", new XAttribute(XNamespace.Xmlns + "d2p1", Counts),
                        new XElement(Counts + "ActiveMessageCount", counts.Active),
                        new XElement(Counts + "DeadLetterMessageCount", counts.DeadLetter),
                        new XElement(Counts + "ScheduledMessageCount", counts.Scheduled)),
                    Element("EnablePartitioning", false),
                    Element("EnableExpress", false))));

    public static XElement Feed(Uri address, IEnumerable<XElement> entries) =>
        new(Atom + "feed", new XElement(Atom + "title", new XAttribute("type", "text"), "Queues"), new XElement(Atom + "id", address), entries);

    private static QueueRule Rule(XElement rule)
    {
        var rights = AccessRights.None;
        foreach (var right in rule.Descendants(ServiceBus + "AccessRights"))
            rights |= Enum.TryParse<AccessRights>(right.Value, out var parsed) ? parsed : throw new FormatException($"'{right.Value}' is not an access right.");
        if (rights.HasFlag(AccessRights.Manage) && rights != AccessRights.All)
            throw new FormatException("Manage needs Send and Listen as well.");
        var name = Text(rule, "KeyName");
        var key = Text(rule, "PrimaryKey");
        return string.IsNullOrEmpty(name) || string.IsNullOrEmpty(key)
            ? throw new FormatException("An authorization rule needs KeyName and PrimaryKey.")
            : new QueueRule(name, key, Text(rule, "SecondaryKey") ?? "", rights);
    }

    private static XElement Rule(QueueRule rule) =>
        new(ServiceBus + "AuthorizationRule", new XAttribute(Instance + "type", "SharedAccessAuthorizationRule"),
            Element("ClaimType", "SharedAccessKey"),
            Element("ClaimValue", "None"),
            Element("Rights", new[] { AccessRights.Listen, AccessRights.Send, AccessRights.Manage }
                .Where(right => rule.Rights.HasFlag(right)).Select(right => Element("AccessRights", right))),
            Element("KeyName", rule.KeyName),
            Element("PrimaryKey", rule.PrimaryKey),
            Element("SecondaryKey", rule.SecondaryKey));

    private static XElement Element(string name, object content) => Element(name, [content]);

    private static XElement Element(string name, params object[] content) =>
        content is [Enum value] ? new(ServiceBus + name, value.ToString()) : new(ServiceBus + name, content);

    private static string? Text(XElement parent, string name) => parent.Element(ServiceBus + name)?.Value;

    private static bool Flag(XElement parent, string name, bool otherwise) => Text(parent, name) is { } text ? XmlConvert.ToBoolean(text) : otherwise;

    private static TimeSpan Span(XElement parent, string name, TimeSpan otherwise)
    {
        if (Text(parent, name) is not { } text)
            return otherwise;
        try
        {
            var span = XmlConvert.ToTimeSpan(text);
            return span > TimeSpan.Zero ? span : throw new FormatException($"{name} is not positive.");
        }
        catch (OverflowException)
        {
            return TimeSpan.MaxValue;
        }
    }
}
