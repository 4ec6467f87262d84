using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Idempotency;

/// <summary>An answer as it was given, to be given again.</summary>
internal sealed record RecordedAnswer(int Status, string? ContentType, string? Location, string? ETag, string Body);

/// <summary>A request with an <c>Idempotency-Key</c>, as stored.</summary>
/// <param name="BodyHash">SHA-256 of the body in hex.</param>
/// <param name="At">When it came.</param>
/// <param name="Answer">The answer, encrypted since it may show a secret; null while the request runs.</param>
internal sealed record IdempotentRequest(string BodyHash, DateTimeOffset At, EncryptedValue? Answer);

/// <summary>Source-generated JSON of recorded answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IdempotentRequest))]
[JsonSerializable(typeof(RecordedAnswer))]
internal sealed partial class IdempotencyJson : JsonSerializerContext;

/// <summary>Requests by their key, for a day. The key of one token on one path is nobody else's.</summary>
internal sealed class IdempotencyStore(IStateStore store, SecretCipher cipher, TimeProvider time) : IEncryptedValues
{
    /// <summary>Whose answers are when keys change; no project can have this name.</summary>
    public const string Owner = "~requests";

    private const string Partition = "idempotency";

    /// <summary>A document holds 64 KB; encryption and Base64 take their share. A longer answer is not kept.</summary>
    private const int MaxAnswerBytes = 32 * 1024;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public static string KeyOf(Caller caller, string method, string path, string key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.TokenId}\n{method}\n{path}\n{key}")));

    /// <summary>Begins a request. <c>Mine</c> is the version to end it with; null when the key was used before, by <c>Earlier</c>.</summary>
    public async Task<(string? Mine, Versioned<IdempotentRequest>? Earlier)> BeginAsync(string key, string bodyHash, CancellationToken ct)
    {
        while (true)
        {
            var request = new IdempotentRequest(bodyHash, time.GetUtcNow(), null);
            if (await store.InsertAsync(Partition, key, request, IdempotencyJson.Default.IdempotentRequest, ct) is { } version)
            {
                return (version, null);
            }

            if (await store.GetAsync(Partition, key, IdempotencyJson.Default.IdempotentRequest, ct) is not { } earlier)
            {
                continue;
            }

            if (earlier.Value.At + Lifetime > time.GetUtcNow())
            {
                return (null, earlier);
            }

            await store.DeleteAsync(Partition, key, earlier.ETag, ct);
        }
    }

    /// <summary>Takes over a request whose process went away; null when another was faster.</summary>
    public Task<string?> TakeOverAsync(string key, Versioned<IdempotentRequest> earlier, CancellationToken ct) =>
        store.ReplaceAsync(Partition, key, earlier.Value with { At = time.GetUtcNow() }, earlier.ETag, IdempotencyJson.Default.IdempotentRequest, ct);

    /// <summary>Keeps the answer.</summary>
    public async Task EndAsync(string key, string version, string bodyHash, RecordedAnswer answer, CancellationToken ct)
    {
        var text = JsonSerializer.Serialize(answer, IdempotencyJson.Default.RecordedAnswer);
        if (Encoding.UTF8.GetByteCount(text) <= MaxAnswerBytes)
        {
            await store.ReplaceAsync(Partition, key, new IdempotentRequest(bodyHash, time.GetUtcNow(), await cipher.EncryptAsync(Place(key), text, ct)), version, IdempotencyJson.Default.IdempotentRequest, ct);
        }
        else
        {
            await ForgetAsync(key, version, ct);
        }
    }

    /// <summary>Forgets a request that had no effect, so that it may be tried again.</summary>
    public Task ForgetAsync(string key, string version, CancellationToken ct) => store.DeleteAsync(Partition, key, version, ct);

    public async Task<RecordedAnswer?> AnswerAsync(string key, IdempotentRequest request, CancellationToken ct) =>
        request.Answer is null ? null : JsonSerializer.Deserialize(await cipher.DecryptAsync(Place(key), request.Answer, ct), IdempotencyJson.Default.RecordedAnswer);

    public async Task<int> ReencryptAsync(string project, CancellationToken ct)
    {
        var found = 0;
        foreach (var request in project == Owner ? await store.ListAllAsync(Partition, "", IdempotencyJson.Default.IdempotentRequest, ct) : [])
        {
            if (request.Value.Answer is { } answer && !await cipher.IsCurrentAsync(answer, ct))
            {
                var anew = request.Value with { Answer = await cipher.ReencryptAsync(Place(request.Key), answer, ct) };
                await store.ReplaceAsync(Partition, request.Key, anew, request.ETag, IdempotencyJson.Default.IdempotentRequest, ct);
                found++;
            }
        }

        return found;
    }

    /// <summary>Deletes what is older than a day.</summary>
    public async Task PurgeAsync(CancellationToken ct)
    {
        foreach (var old in (await store.ListAllAsync(Partition, "", IdempotencyJson.Default.IdempotentRequest, ct)).Where(r => r.Value.At + Lifetime <= time.GetUtcNow()))
        {
            await store.DeleteAsync(Partition, old.Key, old.ETag, ct);
        }
    }

    private static string Place(string key) => "idempotency\n" + key;
}
