using System.Net.Http.Headers;
using System.Security.Cryptography;
using VpsPilot.Agent.Enrollment;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Updates;

/// <summary>Downloads an agent binary from the control plane, as this node, and keeps it only when it is the one that the command names.</summary>
internal sealed class BinaryDownload(Identity identity, HttpClient http)
{
    public const string Step = "update";
    private const long MaxBytes = 256L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public async Task<Failure?> FetchAsync(string path, string sha256, string file, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(identity.ControlPlane, path.TrimStart('/')));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", identity.Enrollment.AgentToken);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
                return Failed($"The control plane answered {(int)response.StatusCode} for {path}.", "Does AgentPackages:Directory have a binary for this node's system?");
            await using (var body = await response.Content.ReadAsStreamAsync(either.Token))
            await using (var target = new FileStream(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                await CopyAsync(body, target, either.Token);
                target.Flush(flushToDisk: true);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Failed($"The new agent could not be downloaded: {(e is OperationCanceledException ? "it took too long" : e.Message)}.", "Is the disk full, or the control plane busy? Try again.");
        }

        return await HashOfAsync(file, cancellationToken) == sha256
            ? null
            : Failed("The binary that was downloaded does not have the checksum that the command names.", "The packages of the control plane changed meanwhile; try again.");
    }

    public static async Task<string> HashOfAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        var total = 0L;
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if ((total += read) > MaxBytes)
                throw new IOException($"it is larger than {MaxBytes >> 20} MB");
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static Failure Failed(string message, string hint) => new(Step, FailureKind.Exit, message) { Hint = hint };
}
