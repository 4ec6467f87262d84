using System.Text.Json.Serialization;

namespace VpsPilot.Embedded.DurableTask.Tests.Programs;

/// <summary>One step of a made-up orchestration, as data: the same program can be run by any engine, any number of times.</summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(Call), "call")]
[JsonDerivedType(typeof(Flaky), "flaky")]
[JsonDerivedType(typeof(Sleep), "sleep")]
[JsonDerivedType(typeof(Event), "event")]
[JsonDerivedType(typeof(Together), "together")]
[JsonDerivedType(typeof(Child), "child")]
[JsonDerivedType(typeof(FirstOf), "first")]
public abstract record Step
{
    /// <summary>Calls an activity.</summary>
    public sealed record Call(int Value) : Step;

    /// <summary>Calls an activity that fails some times before it succeeds, under a retry policy.</summary>
    public sealed record Flaky(int Value, int Failures) : Step;

    /// <summary>Waits on a timer.</summary>
    public sealed record Sleep(int Milliseconds) : Step;

    /// <summary>Waits for an event that an activity sends.</summary>
    public sealed record Event(int Value) : Step;

    /// <summary>Runs steps side by side.</summary>
    public sealed record Together(Step[] Steps) : Step;

    /// <summary>Runs steps as a sub-orchestration.</summary>
    public sealed record Child(Step[] Steps) : Step;

    /// <summary>A wait for an event that never comes, with a time limit.</summary>
    public sealed record FirstOf(int Milliseconds) : Step;
}

/// <summary>A program and how far it has come: it starts over (continue-as-new) after every few steps.</summary>
public sealed record ProgramState(Step[] Steps, int Next, long Sum, int StartOverAfter);
