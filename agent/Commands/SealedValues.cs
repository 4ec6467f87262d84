using System.Security.Cryptography;
using System.Text.Json;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Agent.Hosting;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Commands;

/// <summary>Opens the values that a command brings.</summary>
internal sealed class SealedValues(AgentKeys keys)
{
    public Result<Dictionary<string, string>> Open(SealedBox? box, string commandId, string step)
    {
        if (box is null)
            return new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (JsonSerializer.Deserialize(keys.Open(box, commandId), ContractsJson.Default.DictionaryStringString) is { } values)
                return values;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            // Answered below; the reason has nothing that a person could act on.
        }

        return new Failure(step, FailureKind.Rejected, "The environment values are not sealed to this node.") { Hint = "Deploy again; if it stays so, enrol the node again." };
    }
}
