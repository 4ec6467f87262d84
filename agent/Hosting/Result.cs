using System.Diagnostics.CodeAnalysis;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Hosting;

/// <summary>A value, or the expected failure that took its place.</summary>
internal readonly record struct Result<T>
    where T : class
{
    private Result(T? value, Failure? failure) => (Value, Failure) = (value, failure);

    public T? Value { get; }

    public Failure? Failure { get; }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Failure failure) => new(null, failure);

    /// <summary>True with the value, false with the failure.</summary>
    public bool Is([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Failure? failure)
    {
        (value, failure) = (Value, Failure);
        return value is not null;
    }
}
