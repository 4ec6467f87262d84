using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace VpsPilot.Functions.Access;

/// <summary>Which HTTP function asks for which role, read once from the attributes.</summary>
internal sealed class AccessRules
{
    private readonly FrozenDictionary<string, Role?> roles;

    /// <exception cref="InvalidOperationException">An HTTP function says neither which role it asks for nor that it is open.</exception>
    public AccessRules()
    {
        var functions = typeof(AccessRules).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.GetParameters().Any(p => p.GetCustomAttribute<HttpTriggerAttribute>() is not null))
            .Select(m => (m.GetCustomAttribute<FunctionAttribute>()!.Name, m.GetCustomAttribute<RequireRoleAttribute>()?.Role, Open: m.GetCustomAttribute<OpenEndpointAttribute>() is not null))
            .ToList();
        var silent = functions.Where(f => f.Role is null == !f.Open).Select(f => f.Name).ToList();
        if (silent.Count > 0)
        {
            throw new InvalidOperationException($"These HTTP functions must say either [RequireRole] or [OpenEndpoint]: {string.Join(", ", silent)}.");
        }

        roles = functions.ToFrozenDictionary(f => f.Name, f => f.Role, StringComparer.Ordinal);
    }

    /// <summary>The role asked for; null for an open endpoint. An unknown function asks for the highest.</summary>
    public Role? RequiredFor(string function) => roles.TryGetValue(function, out var role) ? role : Role.Admin;
}
