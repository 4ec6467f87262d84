namespace VpsPilot.Contracts.Commands;

/// <summary>
/// A compiled tree that one node hands to others through the control plane: a gzipped tar with the folder <see cref="Folder"/> and, where the builder's environment has one, its <see cref="LockFile"/>.
/// </summary>
/// <param name="NodeId">The node that compiled it.</param>
/// <param name="Sha256">SHA-256 of the archive, 64 lower-case hex digits. A node unpacks no other.</param>
/// <param name="Bytes">Size of the archive in bytes.</param>
/// <param name="UnpackedBytes">Size of the files in it in bytes; a node unpacks no more.</param>
public sealed record SharedTree(string NodeId, string Sha256, long Bytes, long UnpackedBytes)
{
    /// <summary>Folder of the archive with the tree as it was sealed.</summary>
    public const string Folder = "tree";

    /// <summary>File of the archive with the revisions of nixpkgs that the builder's environment comes from.</summary>
    public const string LockFile = "flake.lock";

    /// <summary>Whether a text can be a <see cref="Sha256"/>.</summary>
    public static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Where the control plane has it: path of the HTTP API, without its query.</summary>
    public string PathIn(string deploymentId) => $"api/agent/deployments/{Uri.EscapeDataString(deploymentId)}/trees/{Sha256}";
}
