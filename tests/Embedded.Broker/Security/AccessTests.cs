using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace VpsPilot.Embedded.Broker.Tests.Security;

public sealed class AccessTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("sb://host/", "", AccessRights.All)]
    [InlineData("host", "", AccessRights.All)]
    [InlineData("https://host/orders?api-version=2021-05", "orders", AccessRights.All)]
    [InlineData("amqp://host/orders", "orders", AccessRights.All)]
    [InlineData("https://host/orders/$management", "orders", AccessRights.All)]
    public async Task The_root_rule_may_do_everything_on_what_its_token_names(string resource, string path, AccessRights rights)
    {
        await using var fixture = await StartAsync();

        var grant = fixture.Broker.Policy.Check(Token(resource, "RootManageSharedAccessKey", BrokerFixture.RootKey)).ShouldNotBeNull();

        grant.Path.ShouldBe(path);
        grant.Rights.ShouldBe(rights);
    }

    [Theory]
    [InlineData("sb://host/orders", "agent", "first", true)]
    [InlineData("sb://host/orders", "agent", "second", true)]
    [InlineData("sb://host/orders/$deadletterqueue", "agent", "first", true)]
    [InlineData("sb://host/orders", "agent", "", false)]
    [InlineData("sb://host/orders", "agent", "wrong", false)]
    [InlineData("sb://host/orders", "other", "first", false)]
    [InlineData("sb://host/", "agent", "first", false)]
    [InlineData("sb://host/events", "agent", "first", false)]
    [InlineData("sb://host/orders2", "agent", "first", false)]
    public async Task A_rule_of_a_queue_is_good_for_that_queue_with_either_key(string resource, string name, string key, bool valid)
    {
        await using var fixture = await StartAsync();

        var grant = fixture.Broker.Policy.Check(Token(resource, name, key));

        (grant is not null).ShouldBe(valid);
        if (grant is not null)
            (grant.Path, grant.Rights).ShouldBe(("orders", AccessRights.Listen));
    }

    [Fact]
    public async Task An_expired_altered_or_malformed_token_is_nothing()
    {
        await using var fixture = await StartAsync();
        var policy = fixture.Broker.Policy;
        var good = Token("sb://host/orders", "agent", "first");

        policy.Check(good).ShouldNotBeNull();
        policy.Check(Token("sb://host/orders", "agent", "first", Now.AddSeconds(-1))).ShouldBeNull();
        policy.Check(good.Replace("orders", "events", StringComparison.Ordinal)).ShouldBeNull();
        policy.Check(good.Replace("&se=1", "&se=2", StringComparison.Ordinal)).ShouldBeNull();
        foreach (var bad in (string?[])[null, "", "Bearer x", "SharedAccessSignature ", "SharedAccessSignature sr=a&sig=!&se=9999999999&skn=agent", good + "&se=x"])
            policy.Check(bad).ShouldBeNull();
    }

    [Fact]
    public async Task A_token_does_not_cover_a_queue_whose_name_only_starts_alike()
    {
        await using var fixture = await StartAsync();
        var grant = fixture.Broker.Policy.Check(Token("sb://host/orders", "agent", "first"))!;

        grant.Covers("orders").ShouldBeTrue();
        grant.Covers("ORDERS/part").ShouldBeTrue();
        grant.Covers("orders2").ShouldBeFalse();
        grant.Covers("").ShouldBeFalse();
    }

    private static async Task<BrokerFixture> StartAsync()
    {
        var fixture = await BrokerFixture.StartAsync(new FakeTimeProvider(Now));
        await fixture.Broker.CreateQueueAsync("orders", new QueueSettings { Rules = [new("agent", "first", "second", AccessRights.Listen)] });
        await fixture.Broker.CreateQueueAsync("events");
        return fixture;
    }

    private static string Token(string resource, string name, string key, DateTimeOffset? expiry = null)
    {
        var encoded = Uri.EscapeDataString(resource);
        var seconds = (expiry ?? Now.AddHours(1)).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{encoded}\n{seconds}"));
        return $"SharedAccessSignature sr={encoded}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={seconds}&skn={name}";
    }
}
