using System.Text.Json.Serialization;
using VpsPilot.Functions.Notices.Channels;
using VpsPilot.Functions.Notices.GitHub;
using VpsPilot.Functions.Notices.Outbox;
using VpsPilot.Functions.Notices.Senders;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Notices;

/// <summary>Source-generated JSON of notices and their channels.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(NoticeChannel))]
[JsonSerializable(typeof(ChannelSecrets))]
[JsonSerializable(typeof(ChannelState))]
[JsonSerializable(typeof(ChannelRequest))]
[JsonSerializable(typeof(ChannelView))]
[JsonSerializable(typeof(Page<ChannelView>))]
[JsonSerializable(typeof(Occasion))]
[JsonSerializable(typeof(PendingDelivery))]
[JsonSerializable(typeof(SentDelivery))]
[JsonSerializable(typeof(TestResult))]
[JsonSerializable(typeof(StatusTokenRequest))]
[JsonSerializable(typeof(SlackMessage))]
[JsonSerializable(typeof(DiscordMessage))]
internal sealed partial class NoticesJson : JsonSerializerContext;
