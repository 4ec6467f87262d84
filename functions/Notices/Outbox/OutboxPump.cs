using Microsoft.Extensions.Logging;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Notices.Channels;
using VpsPilot.Functions.Notices.GitHub;
using VpsPilot.Functions.Notices.Senders;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Notices.Outbox;

/// <summary>Turns occasions into deliveries, and makes the deliveries, with patience. Nothing waits for it, and a receiver that hangs holds up only itself.</summary>
internal sealed class OutboxPump(OutboxStore outbox, OccasionReader occasions, ChannelStore channels, NoticeSenders senders, ProjectStore projects, GitHubStatusSender statuses, TimeProvider time, ILogger<OutboxPump> logger) : IDisposable
{
    /// <summary>About a day, with the pauses below.</summary>
    public const int MaxAttempts = 12;

    private const int AtOnce = 8;

    private static readonly TimeSpan OccasionKept = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(4);

    /// <summary>Longer than any attempt takes; then its process is gone.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim gate = new(1, 1);

    public void Dispose() => gate.Dispose();

    /// <summary>Handles what is due.</summary>
    public async Task DrainAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            foreach (var occasion in await outbox.OccasionsAsync(ct))
            {
                await TryExpandAsync(occasion, ct);
            }

            await Parallel.ForEachAsync(await outbox.DueAsync(ct), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (d, each) => await DeliverAsync(d, each));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The pause after so many attempts.</summary>
    public static TimeSpan PauseAfter(int attempts) => attempts >= 13 ? LongestPause : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks * (long)Math.Pow(3, attempts - 1)));

    /// <summary>One occasion that cannot be told holds up no other. It is tried again for a day.</summary>
    private async Task TryExpandAsync(Versioned<Occasion> occasion, CancellationToken ct)
    {
        try
        {
            await ExpandAsync(occasion, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.OccasionFailed(e, occasion.Key);
            if (time.GetUtcNow() - occasion.Value.At > OccasionKept)
            {
                await outbox.RemoveAsync(occasion, ct);
            }
        }
    }

    private async Task ExpandAsync(Versioned<Occasion> occasion, CancellationToken ct)
    {
        switch (await occasions.ArrivalAsync(occasion.Value, ct))
        {
            case Arrival.Later:
                return;
            case Arrival.Here:
                await QueueAsync(occasion, ct);
                break;
            default:
                break;
        }

        await outbox.RemoveAsync(occasion, ct);
    }

    private async Task QueueAsync(Versioned<Occasion> occasion, CancellationToken ct)
    {
        if (occasion.Value.DeploymentId is { } id && await statuses.IsWantedAsync(id, ct))
        {
            await outbox.QueueAsync($"{occasion.Key}:github", new PendingDelivery { DeploymentId = id, NextAt = time.GetUtcNow() }, ct);
        }

        if (await occasions.NoticeAsync(occasion.Value, ct) is not { } notice)
        {
            return;
        }

        var own = notice.ProjectId is { } project && Identifier.IsValid(project) && await projects.GetAsync(project, ct) is not null ? await channels.ListAsync(project, ct) : [];
        foreach (var channel in (await channels.ListAsync(null, ct)).Concat(own).Where(c => c.Events.Contains(notice.Kind)))
        {
            var delivery = new PendingDelivery { ChannelProject = channel.ProjectId, Channel = channel.Name, Notice = notice, NextAt = time.GetUtcNow() };
            await outbox.QueueAsync($"{occasion.Key}:{channel.ProjectId}:{channel.Name}", delivery, ct);
        }
    }

    private async Task DeliverAsync(Versioned<PendingDelivery> due, CancellationToken ct)
    {
        if (await outbox.ReplaceAsync(due, due.Value with { NextAt = time.GetUtcNow() + Claim }, ct) is not { } mine)
        {
            return;
        }

        var outcome = await SendAsync(mine.Value, ct);
        if (mine.Value.Channel is { } channel)
        {
            await channels.RecordAsync(mine.Value.ChannelProject, channel, time.GetUtcNow(), outcome.Error, ct);
        }

        var attempts = mine.Value.Attempts + 1;
        if (outcome.IsFinal || attempts >= MaxAttempts)
        {
            if (outcome.Error is { } error)
            {
                logger.NoticeGivenUp(mine.Key, attempts, error);
            }

            await outbox.EndAsync(mine, outcome.Error, ct);
            return;
        }

        var pause = outcome.RetryAfter is { } asked && asked > PauseAfter(attempts) && asked < LongestPause ? asked : PauseAfter(attempts);
        await outbox.ReplaceAsync(mine, mine.Value with { Attempts = attempts, NextAt = time.GetUtcNow() + pause }, ct);
    }

    private async Task<SendOutcome> SendAsync(PendingDelivery delivery, CancellationToken ct)
    {
        try
        {
            return delivery.Channel is not { } name ? await statuses.SendAsync(delivery.DeploymentId!, ct)
                : await channels.GetAsync(delivery.ChannelProject, name, ct) is { } channel ? await senders.SendAsync(channel, delivery.Notice!, ct)
                : SendOutcome.GiveUp("The channel was deleted.");
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            logger.NoticeFailed(e, delivery.Channel ?? "github");
            return SendOutcome.Retry($"VPS Pilot failed: {e.GetType().Name}.");
        }
    }
}
