using System.Net;
using Microsoft.AspNetCore.Http;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Tests.Access;

public sealed class FailureLimiterTests : IAsyncLifetime
{
    private readonly TestPlane plane = new();

    private FailureLimiter Limiter => plane.Get<FailureLimiter>();

    [Fact]
    public void An_address_may_fail_so_often_and_then_has_to_wait()
    {
        for (var i = 0; i < FailureLimiter.Burst; i++)
        {
            Limiter.Record(From("192.0.2.1")).ShouldBeNull();
        }

        Limiter.Record(From("192.0.2.1"))!.Value.ShouldBeInRange(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(3));
        Limiter.Record(From("192.0.2.2")).ShouldBeNull();
        Limiter.Record(From("192.0.2.1"), "webhook\nshop").ShouldBeNull();
        plane.Time.Advance(TimeSpan.FromSeconds(3));
        Limiter.Record(From("192.0.2.1")).ShouldBeNull();
        Limiter.Record(From("192.0.2.1")).ShouldNotBeNull();
    }

    [Fact]
    public void One_network_of_a_caller_is_one_address()
    {
        for (var i = 0; i < FailureLimiter.Burst; i++)
        {
            Limiter.Record(From($"2001:db8:1:2::{i:x}"));
        }

        Limiter.Record(From("2001:db8:1:2:ffff::1")).ShouldNotBeNull();
        Limiter.Record(From("2001:db8:1:3::1")).ShouldBeNull();
        Limiter.Record(From("::ffff:192.0.2.1")).ShouldBeNull();
    }

    [Fact]
    public void However_many_addresses_fail_the_memory_is_bounded_and_the_newest_are_kept()
    {
        for (var i = 0; i < FailureLimiter.MaxAddresses + 500; i++)
        {
            Limiter.Record(i.ToString());
        }

        Limiter.Count.ShouldBe(FailureLimiter.MaxAddresses);
    }

    [Theory]
    [InlineData(null, "10.0.0.1")]
    [InlineData("198.51.100.7", "198.51.100.7")]
    [InlineData("1.1.1.1, 198.51.100.7:4711", "198.51.100.7")]
    [InlineData("1.1.1.1, [2001:db8::1]:443", "2001:db8::1")]
    public void Behind_a_proxy_its_own_entry_counts_and_not_the_callers_words(string? header, string address)
    {
        var request = From("10.0.0.1");
        request.Headers["X-Forwarded-For"] = header;

        new ClientAddress(plane.Get<ControlPlaneOptions>() with { ClientAddressHeader = "X-Forwarded-For" }).Of(request.HttpContext).ShouldBe(address);
        plane.Get<ClientAddress>().Of(request.HttpContext).ShouldBe("10.0.0.1");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private static HttpRequest From(string address) => new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } }.Request;
}
