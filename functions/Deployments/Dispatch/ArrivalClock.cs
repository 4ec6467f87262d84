namespace VpsPilot.Functions.Deployments.Dispatch;

/// <summary>The time, but never the same instant twice: "newest wins" needs an order of arrival.</summary>
internal sealed class ArrivalClock(TimeProvider time)
{
    private readonly Lock gate = new();
    private DateTimeOffset last;

    public DateTimeOffset Next()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            last = now > last ? now : last.AddTicks(1);
            return last;
        }
    }
}
