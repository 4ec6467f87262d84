using System.Net.Http.Json;
using System.Security.Cryptography;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Bench.Fleet;

/// <summary>A node's own keys, and what it got at its enrolment.</summary>
internal sealed record AgentKeys(ECDsa SigningKey, ECDiffieHellman SealingKey, EnrollResponse Identity)
{
    public static readonly NodeFacts Facts = new() { HostName = "bench", System = "x86_64-linux", OperatingSystem = "none", NixVersion = "0", Processors = 2, MemoryBytes = 4L << 30, DiskFreeBytes = 40L << 30 };

    public static async Task<AgentKeys> EnrollAsync(HttpClient http, string token, CancellationToken ct)
    {
        var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var sealing = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var request = new EnrollRequest
        {
            Token = token,
            SigningKey = Convert.ToBase64String(signing.ExportSubjectPublicKeyInfo()),
            SealingKey = Convert.ToBase64String(sealing.PublicKey.ExportSubjectPublicKeyInfo()),
            AgentVersion = "0.1.0",
            Facts = Facts,
        };
        using var response = await http.PostAsync("api/agent/enroll", JsonContent.Create(request, ContractsJson.Default.EnrollRequest), ct);
        response.EnsureSuccessStatusCode();
        return new(signing, sealing, (await response.Content.ReadFromJsonAsync(ContractsJson.Default.EnrollResponse, ct))!);
    }
}
