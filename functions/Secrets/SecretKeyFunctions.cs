using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Secrets;

/// <summary>Answer to <c>POST /api/keys/secrets/rotate</c>.</summary>
/// <param name="KeyId">Id of the key that all values are under now.</param>
/// <param name="Reencrypted">How many values were encrypted anew.</param>
internal sealed record RotatedKey(string KeyId, int Reencrypted);

/// <summary>Changes the key that values are encrypted with at rest.</summary>
internal sealed class SecretKeyFunctions(SecretKeyRing ring, SecretOwners owners, IEnumerable<IEncryptedValues> holders)
{
    [Function(nameof(RotateSecretKey))]
    [RequireRole(Role.Admin)]
    [Api("A new key for values at rest; all are encrypted anew", Answer = typeof(RotatedKey))]
    public async Task<IActionResult> RotateSecretKey([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/keys/secrets/rotate")] HttpRequest request, CancellationToken ct)
    {
        var key = await ring.RotateAsync(ct);
        var changed = await ReencryptAsync(ct);
        await ring.ForgetEarlierAsync(key, ct);
        return Answers.Ok(new RotatedKey(key.Id, changed), SecretsJson.Default.RotatedKey);
    }

    /// <summary>Until a whole round finds nothing, of owners that are new as well: a value may be written under the key before while the first round goes.</summary>
    private async Task<int> ReencryptAsync(CancellationToken ct)
    {
        var total = 0;
        for (var changed = 1; changed > 0; total += changed)
        {
            changed = 0;
            foreach (var id in await owners.AllAsync(ct))
            {
                foreach (var holder in holders)
                {
                    changed += await holder.ReencryptAsync(id, ct);
                }
            }
        }

        return total;
    }
}
