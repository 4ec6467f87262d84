namespace VpsPilot.Embedded.Broker.Tests;

public sealed class ListeningTests
{
    [Fact]
    public async Task A_name_of_this_machine_is_resolved()
    {
        await using var fixture = await BrokerFixture.StartAsync(configure: o => o.AmqpEndpoint = new Uri("amqp://localhost:0"));

        fixture.Broker.AmqpEndpoint.IsLoopback.ShouldBeTrue();
        fixture.Broker.AmqpEndpoint.HostNameType.ShouldBeOneOf(UriHostNameType.IPv4, UriHostNameType.IPv6);
        fixture.Broker.AmqpEndpoint.Port.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_name_without_an_address_is_reported()
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => BrokerFixture.StartAsync(configure: o => o.AmqpEndpoint = new Uri("amqp://nowhere.invalid:5672")));

        failure.Message.ShouldContain("nowhere.invalid");
    }
}
