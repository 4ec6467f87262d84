using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Deployments.Dispatch;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Migration.Archives;
using VpsPilot.Functions.Nodes.Moving;
using VpsPilot.Functions.OpenApi;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.Migration;

/// <summary>Body of <c>POST /api/export</c>.</summary>
/// <param name="Passphrase">What the archive is encrypted with: 16 to 200 printable ASCII characters.</param>
/// <param name="Logs">Logs of deployments and operations too; default true.</param>
internal sealed record ExportRequest(string? Passphrase, bool? Logs);

/// <summary>Answer to <c>POST /api/import</c>.</summary>
/// <param name="Content">What was stored.</param>
/// <param name="Move">What to give to the control plane that the archive is from, with <c>POST /api/moves</c>, so that its nodes come here.</param>
internal sealed record Imported(ArchiveContent Content, MoveTarget Move);

/// <summary>Source-generated JSON of exports and imports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(Imported))]
[JsonSerializable(typeof(ImportMark))]
internal sealed partial class MigrationJson : JsonSerializerContext;

/// <summary>Takes everything to another control plane, of whatever host, in one encrypted archive.</summary>
internal sealed class MigrationFunctions(Exporter exporter, Importer importer, OpenDeployments open, CommandSigningKey signingKey, TrustedAuthority authority, PublicAddress address, TimeProvider time)
{
    /// <summary>The header of an import with the archive's passphrase: an address would be logged.</summary>
    private const string Passphrase = "X-Archive-Passphrase";

    [Function(nameof(Export))]
    [RequireRole(Role.Admin)]
    [Api("Everything of this control plane as an encrypted archive", Body = typeof(ExportRequest), Media = ArchiveAnswer.Media)]
    public async Task<IActionResult> Export([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/export")] HttpRequest request, CancellationToken ct)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync(request, MigrationJson.Default.ExportRequest, ct);
        if (body is null)
        {
            return problem!;
        }

        if (ArchiveCipher.MistakeIn(body.Passphrase) is { } mistake)
        {
            return Answers.Invalid([new("$.passphrase", mistake)]);
        }

        if (await open.ListAsync(ct) is { Count: > 0 } running)
        {
            return Answers.Conflict("deployments-active", "Deployments are under way.", $"They would be cut in half. Wait for them, or cancel them: {string.Join(", ", running.Take(10))}.");
        }

        var archive = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        return new ArchiveAnswer(archive, (to, end) => ArchiveWriter.WriteAsync(to, body.Passphrase!, exporter.ReadAsync(archive, body.Logs != false, end), end));
    }

    [Function(nameof(Import))]
    [RequireRole(Role.Admin)]
    [Api("Stores an archive of another control plane", Answer = typeof(Imported), Query = ["merge"])]
    public async Task<IActionResult> Import([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/import")] HttpRequest request, CancellationToken ct)
    {
        var passphrase = request.Headers[Passphrase] is [{ } given] ? given : null;
        if (ArchiveCipher.MistakeIn(passphrase) is { } mistake)
        {
            return Answers.Invalid([new(Passphrase, mistake)]);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = ArchiveFile.MaxBytes;
        }

        try
        {
            await using var file = await ArchiveFile.ReceiveAsync(request.Body, ct);
            var check = await ArchiveCheck.ReadAsync(file.Records(passphrase!, ct), ct);
            if (request.Query["merge"] is not ["true" or "1"] && !await importer.IsFreeForAsync(check.Archive, ct))
            {
                return Answers.Conflict("not-empty", "This control plane has projects or nodes.", "Import into a new one, or add ?merge=true: what has the same name is then replaced.");
            }

            // From here on to the end: half an archive is no state that anybody wants.
            await importer.WriteAsync(file.Records(passphrase!, CancellationToken.None), check, CancellationToken.None);
            var target = new MoveTarget(check.Archive, address.Of(request), await signingKey.PublicKeyAsync(CancellationToken.None), authority.Pem, check.Nodes);
            return Answers.Ok(new Imported(check.Content, target), MigrationJson.Default.Imported);
        }
        catch (ArchiveException e)
        {
            return Answers.Problem(400, "archive-unusable", "The archive cannot be used; nothing was changed.", e.Message);
        }
    }
}
