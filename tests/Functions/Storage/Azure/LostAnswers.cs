using Azure.Core;
using Azure.Core.Pipeline;

namespace VpsPilot.Functions.Tests.Storage.Azure;

/// <summary>A network that carries a write to the service and loses the answer, as often as told.</summary>
internal sealed class LostAnswers : HttpPipelineSynchronousPolicy
{
    private int left;

    /// <summary>How many answers were lost.</summary>
    public int Lost { get; private set; }

    /// <summary>Loses the next answers to writes.</summary>
    public void LoseNext(int count) => left = count;

    public override void OnReceivedResponse(HttpMessage message)
    {
        if (message.Request.Method == RequestMethod.Get || left == 0)
            return;
        left--;
        Lost++;
        throw new IOException("The connection was reset.");
    }
}
