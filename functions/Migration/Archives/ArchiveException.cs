namespace VpsPilot.Functions.Migration.Archives;

/// <summary>An archive cannot be used: the passphrase is wrong, or it is damaged, incomplete, or of a version that is not known.</summary>
internal sealed class ArchiveException(string message, Exception? inner = null) : Exception(message, inner);
