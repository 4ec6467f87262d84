namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Marks a parameter that the host binds.</summary>
public abstract class BindingAttribute : Attribute;

/// <summary>Marks a parameter that is bound to something read.</summary>
public abstract class InputBindingAttribute : BindingAttribute;

/// <summary>Marks a value that is bound to something written.</summary>
public abstract class OutputBindingAttribute : BindingAttribute;

/// <summary>Marks the parameter whose event starts the function.</summary>
public abstract class TriggerBindingAttribute : BindingAttribute;

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
