using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function by the clock.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>A schedule.</summary>
    public TimerTriggerAttribute(string schedule) => Schedule = schedule;

    /// <summary>NCRONTAB expression with six fields (seconds first), UTC; <c>%SETTING%</c> is replaced.</summary>
    public string Schedule { get; }

    /// <summary>Whether the function runs when the host starts, too.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>Whether occurrences are remembered over restarts; default true.</summary>
    public bool UseMonitor { get; set; } = true;
}

/// <summary>What a timer function knows of its call.</summary>
public class TimerInfo
{
    /// <summary>Last and next occurrence; null when they are not remembered.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>True when the occurrence was missed and is made up for.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>Occurrences of a timer.</summary>
public class ScheduleStatus
{
    /// <summary>The last one (UTC).</summary>
    public DateTime Last { get; set; }

    /// <summary>The next one (UTC).</summary>
    public DateTime Next { get; set; }

    /// <summary>When this was written (UTC).</summary>
    public DateTime LastUpdated { get; set; }
}
