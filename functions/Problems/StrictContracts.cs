using System.Text.Json;
using VpsPilot.Contracts;

namespace VpsPilot.Functions.Problems;

/// <summary>JSON of the contracts as it is read from outside: a null where there must be a value is a mistake of whoever sent it.</summary>
internal static class StrictContracts
{
    public static readonly ContractsJson Json = new(new JsonSerializerOptions(ContractsJson.Default.Options) { RespectNullableAnnotations = true });
}
