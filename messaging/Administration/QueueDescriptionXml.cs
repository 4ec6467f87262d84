using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace VpsPilot.Messaging.Administration;

/// <summary>Atom entries of the Service Bus management API, version 2021-05. The order of the elements is that of the schema.</summary>
internal static class QueueDescriptionXml
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace ServiceBus = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    public static string Write(QueueDescription queue)
    {
        var description = new XElement(ServiceBus + "QueueDescription", new XAttribute(XNamespace.Xmlns + "i", Instance.NamespaceName));
        void Add(string name, string? value)
        {
            if (value is not null)
                description.Add(new XElement(ServiceBus + name, value));
        }

        Add("LockDuration", Text(queue.LockDuration));
        Add("RequiresDuplicateDetection", Text(queue.RequiresDuplicateDetection));
        Add("DefaultMessageTimeToLive", Text(queue.DefaultMessageTimeToLive));
        Add("DeadLetteringOnMessageExpiration", Text(queue.DeadLetteringOnMessageExpiration));
        Add("DuplicateDetectionHistoryTimeWindow", Text(queue.DuplicateDetectionHistoryTimeWindow));
        Add("MaxDeliveryCount", queue.MaxDeliveryCount?.ToString(CultureInfo.InvariantCulture));
        description.Add(new XElement(ServiceBus + "AuthorizationRules", queue.AuthorizationRules.Select(Write)));
        var content = new XElement(Atom + "content", new XAttribute("type", "application/xml"), description);
        return new XElement(Atom + "entry", content).ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>The queues of an entry or of a feed.</summary>
    public static List<QueueDescription> Read(XElement document) =>
        [.. document.DescendantsAndSelf(Atom + "entry").Where(entry => entry.Descendants(ServiceBus + "QueueDescription").Any()).Select(ReadEntry)];

    private static QueueDescription ReadEntry(XElement entry)
    {
        var description = entry.Descendants(ServiceBus + "QueueDescription").First();
        string? Get(string name) => description.Element(ServiceBus + name)?.Value;
        long? Count(string name) => description.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value is { } text
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : null;
        return new()
        {
            Name = entry.Element(Atom + "title")?.Value ?? "",
            LockDuration = Span(Get("LockDuration")),
            MaxDeliveryCount = Get("MaxDeliveryCount") is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : null,
            DefaultMessageTimeToLive = Span(Get("DefaultMessageTimeToLive")),
            DeadLetteringOnMessageExpiration = Flag(Get("DeadLetteringOnMessageExpiration")),
            RequiresDuplicateDetection = Flag(Get("RequiresDuplicateDetection")),
            DuplicateDetectionHistoryTimeWindow = Span(Get("DuplicateDetectionHistoryTimeWindow")),
            AuthorizationRules = [.. description.Descendants(ServiceBus + "AuthorizationRule").Select(ReadRule)],
            ActiveMessageCount = Count("ActiveMessageCount"),
            DeadLetterMessageCount = Count("DeadLetterMessageCount"),
        };
    }

    private static QueueAuthorizationRule ReadRule(XElement rule)
    {
        string Get(string name) => rule.Element(ServiceBus + name)?.Value ?? "";
        var rights = rule.Descendants(ServiceBus + "AccessRights")
            .Aggregate(QueueRights.None, (all, right) => all | (Enum.TryParse<QueueRights>(right.Value, out var one) ? one : QueueRights.None));
        return new(Get("KeyName"), Get("PrimaryKey"), Get("SecondaryKey"), rights);
    }

    private static XElement Write(QueueAuthorizationRule rule) =>
        new(ServiceBus + "AuthorizationRule", new XAttribute(Instance + "type", "SharedAccessAuthorizationRule"),
            new XElement(ServiceBus + "ClaimType", "SharedAccessKey"),
            new XElement(ServiceBus + "ClaimValue", "None"),
            new XElement(ServiceBus + "Rights", new[] { QueueRights.Listen, QueueRights.Send, QueueRights.Manage }
                .Where(right => rule.Rights.HasFlag(right)).Select(right => new XElement(ServiceBus + "AccessRights", right.ToString()))),
            new XElement(ServiceBus + "KeyName", rule.KeyName),
            new XElement(ServiceBus + "PrimaryKey", rule.PrimaryKey),
            new XElement(ServiceBus + "SecondaryKey", rule.SecondaryKey));

    private static string? Text(TimeSpan? span) => span is { } value ? XmlConvert.ToString(value) : null;

    private static string? Text(bool? flag) => flag is { } value ? XmlConvert.ToString(value) : null;

    private static bool? Flag(string? text) => text is null ? null : XmlConvert.ToBoolean(text);

    private static TimeSpan? Span(string? text)
    {
        try
        {
            return text is null ? null : XmlConvert.ToTimeSpan(text);
        }
        catch (OverflowException)
        {
            return TimeSpan.MaxValue;
        }
    }
}
