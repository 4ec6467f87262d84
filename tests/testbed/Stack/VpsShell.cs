namespace VpsPilot.Testbed.Stack;

/// <summary>Commands in a VPS that must succeed.</summary>
public static class VpsShell
{
    /// <summary>Runs a command and returns its output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than zero; the message has its outputs.</exception>
    public static async Task<string> RunAsync(this TestVps vps, IReadOnlyList<string> command, CancellationToken ct = default) =>
        (await vps.ExecAsync(command, input: null, cancellationToken: ct)).OrThrow();

    /// <summary>Writes a file.</summary>
    public static async Task WriteFileAsync(this TestVps vps, string path, string text, CancellationToken ct = default) =>
        (await vps.ExecAsync(["tee", path], text, cancellationToken: ct)).OrThrow();
}
