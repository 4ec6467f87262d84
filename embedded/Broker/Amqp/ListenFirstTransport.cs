using Amqp;

namespace VpsPilot.Embedded.Broker.Amqp;

/// <summary>
/// Holds back what the server says until the client has spoken. The library sends its header and open right behind the
/// SASL outcome; rhea, and with it the Service Bus SDK for JavaScript, overlooks them when all arrive in one packet.
/// It also ends a connection that says much before it has shown a valid token.
/// </summary>
internal sealed class ListenFirstTransport(IAsyncTransport inner, ConnectionEvents? connection) : IAsyncTransport
{
    // The library keeps all parts of a message until it is whole, however long that message gets.
    private const int MaxBytesWithoutToken = 256 * 1024;
    private readonly TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int receivedWithoutToken;

    public void SetConnection(Connection connection) => inner.SetConnection(connection);

    public async Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        await heard.Task;
        await inner.SendAsync(bufferList, listSize);
        connection?.Written?.Invoke();
    }

    public async Task<int> ReceiveAsync(byte[] buffer, int offset, int count)
    {
        try
        {
            var received = await inner.ReceiveAsync(buffer, offset, count);
            if (connection?.Access is { IsEmpty: true } && (receivedWithoutToken += received) > MaxBytesWithoutToken)
                throw new IOException("The client sent too much without a valid token.");
            return received;
        }
        finally
        {
            heard.TrySetResult();
        }
    }

    public void Send(ByteBuffer buffer) => inner.Send(buffer);

    public int Receive(byte[] buffer, int offset, int count) => inner.Receive(buffer, offset, count);

    public void Close()
    {
        heard.TrySetResult();
        inner.Close();
    }
}
