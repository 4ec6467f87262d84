using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Amqp;
using VpsPilot.Testing;

namespace VpsPilot.Embedded.Broker.Tests.Fuzz;

public sealed class BrokerFuzzTests
{
    [Fact]
    public async Task A_token_is_valid_as_it_was_signed_or_not_at_all()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders", new QueueSettings { Rules = [new("agent", "first", "second", AccessRights.Listen)] });
        var policy = fixture.Broker.Policy;
        var root = Token("sb://host/", "RootManageSharedAccessKey", BrokerFixture.RootKey);
        var agent = Token("sb://host/orders", "agent", "first");
        Fuzzing.Feed("SAS token", Fuzzing.Near(root, agent, "SharedAccessSignature sr=&sig=&se=&skn="), bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            if (policy.Check(text) is not { } grant)
                return;

            // Only the order of its parts, and text beside them, may differ from a token that was signed.
            var signed = new[] { root, agent }.Single(t => t["SharedAccessSignature ".Length..].Split('&').Where(p => !p.StartsWith("skn=", StringComparison.Ordinal)).All(p => text.Contains(p, StringComparison.OrdinalIgnoreCase)));
            (grant.Path, grant.Rights).ShouldBe(signed == root ? ("", AccessRights.All) : ("orders", AccessRights.Listen));
        }, Fuzzing.Inputs());
    }

    [Fact]
    public async Task Whatever_comes_over_the_wire_the_broker_goes_on_serving()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.CreateQueueAsync("orders");
        var endpoint = new IPEndPoint(IPAddress.Loopback, fixture.Broker.AmqpEndpoint.Port);
        var recorded = await RecordAsync(endpoint);
        recorded.Length.ShouldBeGreaterThan(200);
        var stranger = recorded.AsSpan().IndexOf("AMQP\0"u8) is var at and > 0 ? recorded[at..] : recorded;

        Fuzzing.Feed("AMQP frames", Fuzzing.Near([recorded, stranger]), bytes => Play(endpoint, bytes), Fuzzing.Inputs(isSlow: true));

        await SendAsync(endpoint);
        (await fixture.Broker.ReceiveAsync("orders", 1, TimeSpan.FromSeconds(20))).ShouldNotBeEmpty();
    }

    /// <summary>What a client says from its first byte to its last: SASL, open, begin, attach, transfer, close.</summary>
    private static async Task<byte[]> RecordAsync(IPEndPoint broker)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var said = new MemoryStream();
        var proxy = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            using var server = new TcpClient();
            await server.ConnectAsync(broker);
            var back = server.GetStream().CopyToAsync(client.GetStream());
            var buffer = new byte[4096];
            while (await client.GetStream().ReadAsync(buffer) is > 0 and var read)
            {
                said.Write(buffer, 0, read);
                await server.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }

            server.Client.Shutdown(SocketShutdown.Send);
            await back.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await SendAsync((IPEndPoint)listener.LocalEndpoint);
        await proxy.WaitAsync(TimeSpan.FromSeconds(30));
        return said.ToArray();
    }

    private static async Task SendAsync(IPEndPoint endpoint)
    {
        var connection = await Connection.Factory.CreateAsync(new Address("127.0.0.1", endpoint.Port, "RootManageSharedAccessKey", BrokerFixture.RootKey, "/", "amqp"));
        var session = new Session(connection);
        var sender = new SenderLink(session, "sender", "orders");
        await sender.SendAsync(new Message { BodySection = new global::Amqp.Framing.Data { Binary = [1, 2, 3] } });
        await connection.CloseAsync();
    }

    /// <summary>Says the bytes, hangs up, and waits until the broker has too.</summary>
    private static void Play(IPEndPoint endpoint, byte[] bytes)
    {
        using var client = new TcpClient { SendTimeout = 20_000, ReceiveTimeout = 20_000 };
        client.Connect(endpoint);
        try
        {
            client.Client.Send(bytes);
            client.Client.Shutdown(SocketShutdown.Send);
            Span<byte> answer = stackalloc byte[4096];
            while (client.Client.Receive(answer) > 0)
            {
                // Whatever it says to that.
            }
        }
        catch (SocketException e) when (e.SocketErrorCode != SocketError.TimedOut)
        {
            // It hung up first, which is an answer too.
        }
    }

    private static string Token(string resource, string name, string key)
    {
        var encoded = Uri.EscapeDataString(resource);
        var seconds = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{encoded}\n{seconds}"));
        return $"SharedAccessSignature sr={encoded}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={seconds}&skn={name}";
    }
}
