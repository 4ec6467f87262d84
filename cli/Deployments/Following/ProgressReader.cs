using System.Net.ServerSentEvents;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Deployments.Following;

/// <summary>Listens to the events of a deployment until it has ended. A connection that is cut is made again, and goes on where it was.</summary>
internal sealed class ProgressReader(ApiClient api, string deployment)
{
    private const int MostTries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <param name="take">Gets each event, and the progress with it.</param>
    /// <param name="ct">Stops listening.</param>
    /// <returns>Null when the deployment has ended; else why it could not be listened to.</returns>
    public async Task<Complaint?> ReadAsync(Action<SseItem<string>, DeploymentProgress> take, CancellationToken ct)
    {
        var (progress, lastId, failures) = (new DeploymentProgress(), (string?)null, 0);
        while (true)
        {
            Complaint? cut;
            try
            {
                var opened = await api.StreamAsync(Route.To($"api/deployments/{deployment}/events"), lastId, ct);
                cut = opened.Complaint;
                using var response = opened.Value;
                if (response?.IsOver == true)
                {
                    return null;
                }

                if (response is not null)
                {
                    progress = progress with { Ahead = response.Date is { } there ? there - TimeProvider.System.GetUtcNow() : TimeSpan.Zero };
                    var parser = SseParser.Create(await response.BodyAsync(ct));
                    await foreach (var item in parser.EnumerateAsync(ct))
                    {
                        if (item.EventType == "end")
                        {
                            return null;
                        }

                        (lastId, failures, progress) = (parser.LastEventId is { Length: > 0 } id ? id : lastId, 0, progress.With(item));
                        take(item, progress);
                    }
                }
            }
            catch (Exception e) when (Broken.Complaint(e, api.Server, ct) is { } complaint)
            {
                cut = complaint;
            }

            // A fault of the moment: the control plane may be starting again. What it refuses, it goes on refusing.
            if (cut is not null && (cut.ExitCode != CommandLine.ExitCode.Unreachable || ++failures >= MostTries))
            {
                return cut;
            }

            await Task.Delay(Pause, ct);
        }
    }
}
