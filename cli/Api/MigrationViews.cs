using System.Text.Json;

namespace VpsPilot.Cli.Api;

/// <summary>Body of an export.</summary>
/// <param name="Passphrase">What the archive is encrypted with.</param>
/// <param name="Logs">Logs too.</param>
internal sealed record NewExport(string Passphrase, bool Logs);

/// <summary>What an archive has.</summary>
internal sealed record ArchiveContent(int Projects, int Nodes, int Secrets, int Logs);

/// <summary>What an import came to.</summary>
/// <param name="Content">What was stored.</param>
/// <param name="Move">What the earlier control plane has to know so that its nodes come; passed on as it is.</param>
internal sealed record Imported(ArchiveContent Content, JsonElement Move);

/// <summary>The nodes that were asked.</summary>
internal sealed record AskedNodes(IReadOnlyList<string> Nodes);
