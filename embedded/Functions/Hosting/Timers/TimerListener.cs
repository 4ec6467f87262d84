using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VpsPilot.Embedded.Functions.Hosting.Invocation;

namespace VpsPilot.Embedded.Functions.Hosting.Timers;

/// <summary>Runs one function by the clock. Occurrences missed while the host was down are made up for by one run.</summary>
internal sealed class TimerListener : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    private readonly FunctionInvoker function;
    private readonly TimerTriggerAttribute trigger;
    private readonly TimerSchedule schedule;
    private readonly string statusFile;
    private readonly IServiceScopeFactory scopes;
    private readonly TimeSpan? limit;
    private readonly TimeProvider time;
    private readonly ILogger<TimerListener> logger;

    public TimerListener(FunctionInvoker function, TimerTriggerAttribute trigger, EmbeddedSettings settings, HostJson host, IServiceScopeFactory scopes, IConfiguration configuration, TimeProvider time, ILogger<TimerListener> logger)
    {
        this.function = function;
        this.trigger = trigger;
        this.scopes = scopes;
        limit = host.FunctionTimeout;
        this.time = time;
        this.logger = logger;
        schedule = TimerSchedule.Parse(SettingText.Resolve(trigger.Schedule, configuration));
        statusFile = Path.Combine(settings.DataDirectory, "timers", function.Function.Name + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(statusFile)!);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var status = ReadStatus();
        var pastDue = trigger.UseMonitor && status is not null && status.Next != default && status.Next < Now();
        if (pastDue || trigger.RunOnStartup)
        {
            status = await RunAsync(pastDue, status, stoppingToken);
        }

        while (!stoppingToken.IsCancellationRequested && schedule.Next(Now()) is { } next)
        {
            WriteStatus(status = new ScheduleStatus { Last = status?.Last ?? default, Next = next, LastUpdated = Now() });
            while (PauseBefore(next, Now()) is { } pause && !stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!stoppingToken.IsCancellationRequested)
            {
                status = await RunAsync(pastDue: false, status, stoppingToken);
            }
        }
    }

    /// <summary>How long to sleep before looking at the clock again; null when the time has come, be it by a tick.</summary>
    internal static TimeSpan? PauseBefore(DateTime next, DateTime now) => now >= next ? null : next - now < LongestSleep ? next - now : LongestSleep;

    private async Task<ScheduleStatus> RunAsync(bool pastDue, ScheduleStatus? status, CancellationToken stopping)
    {
        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            if (limit is { } timeout)
            {
                ends.CancelAfter(timeout);
            }

            await using var scope = scopes.CreateAsyncScope();
            await function.InvokeAsync(scope.ServiceProvider, new TimerInfo { IsPastDue = pastDue, ScheduleStatus = status }, cancellation: ends.Token);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            HostLog.TimerFailed(logger, function.Function.Name, e);
        }

        return new ScheduleStatus { Last = Now(), Next = status?.Next ?? default, LastUpdated = Now() };
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private ScheduleStatus? ReadStatus()
    {
        try
        {
            return File.Exists(statusFile) ? JsonSerializer.Deserialize<ScheduleStatus>(File.ReadAllBytes(statusFile)) : null;
        }
        catch (JsonException)
        {
            return null; // Torn by a crash: the schedule starts anew.
        }
    }

    private void WriteStatus(ScheduleStatus status)
    {
        try
        {
            File.WriteAllBytes(statusFile + ".new", JsonSerializer.SerializeToUtf8Bytes(status));
            File.Move(statusFile + ".new", statusFile, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostLog.ScheduleNotStored(logger, function.Function.Name, statusFile, e); // A full disk must not end the schedule, nor the host with it.
        }
    }
}
