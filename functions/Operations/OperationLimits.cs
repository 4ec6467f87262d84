namespace VpsPilot.Functions.Operations;

/// <summary>How long nodes may take.</summary>
internal static class OperationLimits
{
    public static readonly TimeSpan DefaultRun = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan LongestRun = TimeSpan.FromHours(24);
    public static readonly TimeSpan LongestFollow = TimeSpan.FromHours(1);
    public const int MostLines = 10_000;
    public const int LongestCommand = 16 * 1024;

    /// <summary>After this a node that has not answered counts as lost.</summary>
    public static TimeSpan Of(Operation operation) => operation.Kind switch
    {
        OperationKind.Status => TimeSpan.FromSeconds(20),
        OperationKind.Logs => (operation.Arguments.Follow ?? TimeSpan.Zero) + TimeSpan.FromMinutes(1),
        OperationKind.Run => (operation.Arguments.Timeout ?? DefaultRun) + TimeSpan.FromMinutes(2),
        OperationKind.Doctor => TimeSpan.FromMinutes(2),
        OperationKind.Collect => TimeSpan.FromHours(3),
        OperationKind.Update => TimeSpan.FromMinutes(45),
        _ => TimeSpan.FromMinutes(20),
    };
}
