using Amqp;

namespace VpsPilot.Embedded.Broker.Amqp;

/// <summary>
/// Holds back what the server says until the client has spoken. The library sends its header and open right behind the
/// SASL outcome; rhea, and with it the Service Bus SDK for JavaScript, overlooks them when all arrive in one packet.
/// </summary>
internal sealed class ListenFirstTransport(IAsyncTransport inner) : IAsyncTransport
{
    private readonly TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void SetConnection(Connection connection) => inner.SetConnection(connection);

    public async Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        await heard.Task;
        await inner.SendAsync(bufferList, listSize);
    }

    public async Task<int> ReceiveAsync(byte[] buffer, int offset, int count)
    {
        try
        {
            return await inner.ReceiveAsync(buffer, offset, count);
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
