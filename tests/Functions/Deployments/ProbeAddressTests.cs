using System.Net;
using VpsPilot.Functions.Deployments.Activities;

namespace VpsPilot.Functions.Tests.Deployments;

public sealed class ProbeAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("224.0.0.1")]
    public void The_control_plane_itself_and_the_credentials_of_clouds_are_never_asked(string address) =>
        ProbeAddress.Refusal(IPAddress.Parse(address), mayBePrivate: true).ShouldNotBeNull();

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("172.20.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("fd12::1")]
    public void Private_networks_are_asked_where_the_settings_let_it(string address)
    {
        ProbeAddress.Refusal(IPAddress.Parse(address), mayBePrivate: true).ShouldBeNull();
        ProbeAddress.Refusal(IPAddress.Parse(address), mayBePrivate: false).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("93.184.216.34")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    public void What_is_public_is_asked(string address) => ProbeAddress.Refusal(IPAddress.Parse(address), mayBePrivate: false).ShouldBeNull();
}
