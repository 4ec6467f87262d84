namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a method as a function.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute : Attribute
{
    /// <summary>A function of that name.</summary>
    public FunctionAttribute(string name) => Name = name;

    /// <summary>Name, unique within the app.</summary>
    public string Name { get; }
}
