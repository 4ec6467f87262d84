using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace VpsPilot.Functions.Tests.Storage.Azure;

/// <summary>A service that answers 503, and does nothing, as often as told.</summary>
internal sealed class BusyService : HttpPipelinePolicy
{
    private int left;

    /// <summary>How many requests it has refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Refuses the next requests, reads as well as writes.</summary>
    public void RefuseNext(int count) => left = count;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (!IsRefused(message))
            ProcessNext(message, pipeline);
    }

    public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        IsRefused(message) ? ValueTask.CompletedTask : ProcessNextAsync(message, pipeline);

    private bool IsRefused(HttpMessage message)
    {
        if (left == 0)
            return false;
        left--;
        Refused++;
        message.Response = new ServerBusy { ClientRequestId = message.Request.ClientRequestId };
        return true;
    }

    private sealed class ServerBusy : Response
    {
        public override int Status => 503;

        public override string ReasonPhrase => "Server Busy";

        /// <summary>Otherwise set by the transport, which is not reached.</summary>
        public override bool IsError => true;

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = "";

        public override void Dispose()
        {
            // It holds nothing.
        }

        protected override bool ContainsHeader(string name) => false;

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => [];

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return false;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = null;
            return false;
        }
    }
}
