namespace Microsoft.Azure.Functions.Worker;

/// <summary>An output binding of an invocation.</summary>
public abstract class OutputBindingData<T>
{
    /// <summary>Its value.</summary>
    public abstract T? Value { get; set; }

    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Its type.</summary>
    public abstract string BindingType { get; }
}

/// <summary>An input binding of an invocation.</summary>
public abstract class InputBindingData<T>
{
    /// <summary>Its value.</summary>
    public abstract T? Value { get; set; }

    /// <summary>What it is bound to.</summary>
    public abstract BindingMetadata BindingMetadata { get; }
}
