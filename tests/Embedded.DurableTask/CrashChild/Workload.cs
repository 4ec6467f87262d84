using CsCheck;

namespace VpsPilot.Embedded.DurableTask.Tests.Programs;

/// <summary>The programs of the crash test: the same for parent and child.</summary>
internal static class Workload
{
    public static ProgramState ProgramOf(int seed, int number)
    {
        var random = new PCG((uint)number, (ulong)seed);
        return ProgramGen.Program.Generate(random, null, out _);
    }
}
