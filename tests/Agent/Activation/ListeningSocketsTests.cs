using System.Net;
using VpsPilot.Agent.Activation.Health;

namespace VpsPilot.Agent.Tests.Activation;

public sealed class ListeningSocketsTests
{
    [Theory]
    [InlineData("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0", "127.0.0.1:8080", "12345")]
    [InlineData("   1: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 0 0 10 0", "[::1]:3000", "77")]
    public void A_line_of_the_kernels_table_is_read(string line, string address, string inode) =>
        ListeningSockets.Parse(line).ShouldBe((IPEndPoint.Parse(address), inode));

    [Theory]
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode")]
    [InlineData("   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0")]
    public void Other_lines_are_not(string line) => ListeningSockets.Parse(line).ShouldBeNull();

    [Theory]
    [InlineData("127.0.0.1:8080", "It listens on 127.0.0.1:8080, but $PORT is 21003: take the port from $PORT.")]
    [InlineData("[::1]:21003", "It listens on [::1]:21003, and the check asks 127.0.0.1:21003: listen on 127.0.0.1 or on all addresses.")]
    [InlineData(null, "It runs but does not listen on 127.0.0.1:$PORT (21003): take the port from $PORT, or raise deployment.health_check.retries when it starts slowly.")]
    public void The_hint_names_where_it_listens(string? address, string hint) =>
        HealthReport.HintFor(21003, address is null ? [] : [IPEndPoint.Parse(address)]).ShouldBe(hint);
}
