namespace VpsPilot.Functions.Storage;

/// <summary>Keys that sort the way lists are read.</summary>
internal static class StateKeys
{
    /// <summary>A key start that sorts later instants first: what is left until the end of time, in ticks, 19 digits.</summary>
    public static string NewestFirst(DateTimeOffset at) => (DateTime.MaxValue.Ticks - at.UtcTicks).ToString("D19");

    /// <summary>A key start that sorts earlier instants first: ticks, 19 digits.</summary>
    public static string OldestFirst(DateTimeOffset at) => at.UtcTicks.ToString("D19");

    /// <summary>A number that sorts descending, 10 digits.</summary>
    public static string Descending(int number) => (int.MaxValue - number).ToString("D10");
}
