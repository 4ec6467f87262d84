using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Operations;

/// <summary>What an app writes, for as long as somebody looks on. Nodes follow for an hour at a time, and are asked again.</summary>
internal static class AppLog
{
    /// <summary>What ends sooner does so for a reason of its own, such as an app that does not run.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <param name="output">Where it is shown.</param>
    /// <param name="api">The control plane.</param>
    /// <param name="path">The project's logs, without the number of lines.</param>
    /// <param name="lines">How many of the last lines.</param>
    /// <param name="ct">The caller has seen enough.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> FollowAsync(Writer output, ApiClient api, string path, int lines, CancellationToken ct)
    {
        while (true)
        {
            var began = TimeProvider.System.GetTimestamp();
            var opened = await api.StreamAsync(path.With(("follow", "1"), ("lines", $"{lines}")), null, ct);
            if (opened.Value is not { } response)
            {
                return output.Fail(opened.Complaint!);
            }

            using (response)
            {
                if (response.Place is not { } place)
                {
                    return await TextStream.CopyAsync(output, api, response, ct);
                }

                // Nodes follow for as long as this stream is open; what they write is read node by node, so that it can be taken up again.
                var operation = await api.GetAsync(place, ApiJson.Default.OperationView, ct);
                if (operation.Value is not { } started)
                {
                    return output.Fail(operation.Complaint!);
                }

                var held = HoldAsync(api, response, ct);
                if (await FollowedLog.Of(output, api, started).ShowAsync(ApiJson.Default.OperationView, o => o.HasEnded, ct) is { } complaint)
                {
                    return output.Fail(complaint);
                }

                await held;
                var ended = await api.GetAsync(place, ApiJson.Default.OperationView, ct);
                if (ended.Value is not { Status: not "failed" } || TimeProvider.System.GetElapsedTime(began) < Shortest)
                {
                    return ended.Value is { } end ? Tell(output, end) : output.Fail(ended.Complaint!);
                }
            }

            lines = 0;
        }
    }

    private static async Task HoldAsync(ApiClient api, StreamedResponse response, CancellationToken ct)
    {
        try
        {
            await (await response.BodyAsync(ct)).CopyToAsync(Stream.Null, ct);
        }
        catch (Exception e) when (Broken.Complaint(e, api.Server, ct) is not null)
        {
            // Where the control plane takes that for the end, the operation says so.
        }
    }

    private static int Tell(Writer output, OperationView operation)
    {
        foreach (var node in operation.Nodes.Where(n => n.Failure is not null))
        {
            output.Remark($"{node.NodeId}: {node.Failure} {node.Failure!.Hint}".TrimEnd());
        }

        return operation.Status == "failed" ? ExitCode.Failed : ExitCode.Done;
    }
}
