namespace VpsPilot.Server;

/// <summary>A command was not carried out and changed nothing; the message says why and what to do.</summary>
internal sealed class RefusedException(string message) : Exception(message);
