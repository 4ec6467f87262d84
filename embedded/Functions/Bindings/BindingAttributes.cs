using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Marks a parameter that the host binds.</summary>
[SuppressMessage("Design", "CA1012:Abstract types should not have public constructors", Justification = "The shape is that of the public package.")]
[SuppressMessage("Design", "MA0017:Abstract types should not have public or internal constructors", Justification = "The shape is that of the public package.")]
public abstract class BindingAttribute : Attribute
{
    /// <summary>Marks it.</summary>
    public BindingAttribute()
    {
    }
}

/// <summary>Marks a parameter that is bound to something read.</summary>
[SuppressMessage("Design", "CA1012:Abstract types should not have public constructors", Justification = "The shape is that of the public package.")]
[SuppressMessage("Design", "MA0017:Abstract types should not have public or internal constructors", Justification = "The shape is that of the public package.")]
public abstract class InputBindingAttribute : BindingAttribute
{
    /// <summary>Marks it.</summary>
    public InputBindingAttribute()
    {
    }
}

/// <summary>Marks a value that is bound to something written.</summary>
[SuppressMessage("Design", "CA1012:Abstract types should not have public constructors", Justification = "The shape is that of the public package.")]
[SuppressMessage("Design", "MA0017:Abstract types should not have public or internal constructors", Justification = "The shape is that of the public package.")]
public abstract class OutputBindingAttribute : BindingAttribute
{
    /// <summary>Marks it.</summary>
    public OutputBindingAttribute()
    {
    }
}

/// <summary>Marks the parameter whose event starts the function.</summary>
[SuppressMessage("Design", "CA1012:Abstract types should not have public constructors", Justification = "The shape is that of the public package.")]
[SuppressMessage("Design", "MA0017:Abstract types should not have public or internal constructors", Justification = "The shape is that of the public package.")]
public abstract class TriggerBindingAttribute : BindingAttribute
{
    /// <summary>Marks it.</summary>
    public TriggerBindingAttribute()
    {
    }
}

/// <summary>Whether a trigger hands over one item or many.</summary>
public enum Cardinality
{
    /// <summary>Many.</summary>
    Many = 0,

    /// <summary>One.</summary>
    One = 1,
}

/// <summary>A trigger that can hand over one item or many.</summary>
public interface ISupportCardinality
{
    /// <summary>One or many.</summary>
    Cardinality Cardinality { get; set; }
}
