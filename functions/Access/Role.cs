using System.Text.Json.Serialization;

namespace VpsPilot.Functions.Access;

/// <summary>What a token may do; each role includes those before it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Role>))]
internal enum Role
{
    /// <summary>Read everything that is not secret.</summary>
    [JsonStringEnumMemberName("viewer")] Viewer,

    /// <summary>Also start, cancel and roll back deployments.</summary>
    [JsonStringEnumMemberName("deployer")] Deployer,

    /// <summary>Also nodes, projects, secrets and tokens.</summary>
    [JsonStringEnumMemberName("admin")] Admin,
}

/// <summary>The role that a caller of this HTTP function must have.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequireRoleAttribute(Role role) : Attribute
{
    public Role Role => role;
}

/// <summary>This HTTP function checks its caller itself (a signature, a one-time token), or is for everyone.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenEndpointAttribute : Attribute;
