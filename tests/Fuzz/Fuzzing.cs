using System.Diagnostics;
using System.Text;
using CsCheck;

namespace VpsPilot.Testing;

/// <summary>
/// Feeds a target with broken inputs: a thousand by default, or as many as <c>FUZZ_INPUTS</c> says. A target must not throw, must not take long
/// over one input, and must not keep memory.
/// </summary>
internal static class Fuzzing
{
    private const long MaxGrowth = 64 << 20;

    /// <summary>Far beyond what any input takes on a busy machine; what reaches it does not end.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private static readonly string[] Nasty = ["\0", "\u2028", "\ufeff", "{{", "}}", "%00", "..", "\"", "\\u0000", "9223372036854775808", "-1", "1e999", "null", "[[[[[[[[", "{\"a\":"];

    /// <summary>How many inputs; of slow targets a tenth of what is asked for.</summary>
    public static int Inputs(bool isSlow = false) =>
        int.TryParse(Environment.GetEnvironmentVariable("FUZZ_INPUTS"), out var asked) ? Math.Max(1000, isSlow ? asked / 10 : asked) : 1000;

    /// <summary>Inputs that are nearly right, by changes to right ones, and some that are noise.</summary>
    public static Gen<byte[]> Near(params string[] seeds) => Near([.. seeds.Select(Encoding.UTF8.GetBytes)]);

    /// <inheritdoc cref="Near(string[])" />
    public static Gen<byte[]> Near(IReadOnlyList<byte[]> seeds)
    {
        var seed = Gen.Int[0, seeds.Count - 1].Select(i => seeds[i]);
        var change = Gen.Select(Gen.Int[0, 6], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte, Gen.Int[0, Nasty.Length - 1]);
        return Gen.Frequency(
            (9, Gen.Select(seed, seed, change.Array[1, 6], (one, other, changes) => changes.Aggregate(one, (bytes, c) => Change(bytes, other, c)))),
            (1, Gen.Byte.Array[0, 300]));
    }

    /// <summary>Feeds the target one input after the other, and says how it went.</summary>
    /// <param name="name">Name of the target.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="feed">The target; a throw is a failure.</param>
    /// <param name="count">How many.</param>
    public static void Feed<T>(string name, Gen<T> inputs, Action<T> feed, int count)
    {
        var slowest = TimeSpan.Zero;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        inputs.Sample(input =>
        {
            var started = Stopwatch.GetTimestamp();
            feed(input);
            var took = Stopwatch.GetElapsedTime(started);
            slowest = took > slowest ? took : slowest;
            took.ShouldBeLessThan(Hang);
        }, iter: count, threads: 1, seed: "0000KeCFbhj4");
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"fuzz {name}: {count} inputs in {clock.Elapsed.TotalSeconds:0.0} s, slowest {slowest.TotalMilliseconds:0} ms, {growth / 1024} KiB kept");
        growth.ShouldBeLessThan(MaxGrowth);
    }

    private static byte[] Change(byte[] bytes, byte[] other, (int Kind, double From, double Length, byte Value, int Nasty) change)
    {
        var at = (int)(change.From * bytes.Length);
        var length = (int)(change.Length * change.Length * (bytes.Length - at));
        return change.Kind switch
        {
            0 => [.. bytes[..at], .. bytes[(at + length)..]],
            1 => [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]],
            2 => at < bytes.Length ? [.. bytes[..at], change.Value, .. bytes[(at + 1)..]] : [.. bytes, change.Value],
            3 => [.. bytes[..at], .. Encoding.UTF8.GetBytes(Nasty[change.Nasty]), .. bytes[at..]],
            4 => [.. bytes[..at], .. other[Math.Min(at, other.Length)..]],
            5 => at < bytes.Length ? [.. bytes[..at], (byte)(bytes[at] ^ (1 << (change.Value & 7))), .. bytes[(at + 1)..]] : bytes,
            _ => bytes[..at],
        };
    }
}
