using CsCheck;

namespace VpsPilot.Embedded.DurableTask.Tests.Programs;

/// <summary>Random programs.</summary>
internal static class ProgramGen
{
    private static readonly Gen<Step> Leaf = Gen.OneOf<Step>(
        Gen.Int[0, 100].Select(v => (Step)new Step.Call(v)),
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 2], (v, f) => (Step)new Step.Flaky(v, f)),
        Gen.Int[0, 20].Select(ms => (Step)new Step.Sleep(ms)),
        Gen.Int[0, 100].Select(v => (Step)new Step.Event(v)),
        Gen.Int[1, 20].Select(ms => (Step)new Step.FirstOf(ms)));

    private static readonly Gen<Step> Branch = Gen.OneOf<Step>(
        Leaf,
        Leaf.Array[1, 4].Select(s => (Step)new Step.Together(s)),
        Leaf.Array[1, 4].Select(s => (Step)new Step.Child(s)));

    public static readonly Gen<ProgramState> Program = Gen.Select(Branch.Array[1, 8], Gen.Int[0, 3], (steps, over) => new ProgramState(steps, 0, 0, over));
}
