namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>What waits to be dispatched for one project, in memory. At most one dispatch of a project runs at a time.</summary>
internal sealed class ProjectQueue
{
    private readonly Lock gate = new();
    private readonly List<Deployment> waiting = [];
    private bool isRunning;
    private DateTimeOffset last = DateTimeOffset.MinValue;

    /// <summary>True when a dispatch may begin now, since none runs and the last was before <paramref name="quietSince"/>.</summary>
    public bool TryBegin(DateTimeOffset quietSince)
    {
        lock (gate)
        {
            return !isRunning && last <= quietSince && (isRunning = true);
        }
    }

    /// <summary>Adds a deployment. True when the caller has to run the dispatch, since none runs.</summary>
    public bool Add(Deployment deployment)
    {
        lock (gate)
        {
            waiting.Add(deployment);
            return !isRunning && (isRunning = true);
        }
    }

    public bool Has(string id)
    {
        lock (gate)
        {
            return waiting.Any(d => d.Id == id);
        }
    }

    public TimeSpan PauseUntil(TimeSpan interval, DateTimeOffset now)
    {
        lock (gate)
        {
            var pause = last == DateTimeOffset.MinValue ? TimeSpan.Zero : last + interval - now;
            return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
        }
    }

    public IReadOnlyList<Deployment> Take()
    {
        lock (gate)
        {
            Deployment[] all = [.. waiting];
            waiting.Clear();
            return all;
        }
    }

    /// <summary>Ends a dispatch. False when more came meanwhile, and the caller has to go on.</summary>
    public bool End(DateTimeOffset now)
    {
        lock (gate)
        {
            last = now;
            isRunning = waiting.Count > 0;
            return !isRunning;
        }
    }
}
