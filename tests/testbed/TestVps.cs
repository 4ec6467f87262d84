using CliWrap;

namespace VpsPilot.Testbed;

/// <summary>
/// A VPS on this machine: Debian 13 with systemd as PID 1, Nix, git, Caddy and Node.js. Disposing it throws its disk away.
/// What a run that was killed left behind is removed by the next one.
/// </summary>
public sealed class TestVps : IAsyncDisposable
{
    // The first boot on a machine makes the root.
    private static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortLimit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<VpsResult>> Reaped = new(() => VpsScript.RunAsync(["reap"], ShortLimit));
    private static readonly Lazy<VpsResult> Check = new(static () => Task.Run(() => VpsScript.RunAsync(["check"], ShortLimit)).GetAwaiter().GetResult());
    private static readonly Lazy<Task<string?>> Nixpkgs = new(ReadNixpkgsAsync);

    private TestVps(string name) => Name = name;

    /// <summary>Whether this machine can boot a test VPS.</summary>
    public static bool Available => Check.Value.ExitCode == 0;

    /// <summary>Why it cannot, in one line; null when it can.</summary>
    public static string? UnavailableReason => Available ? null : Check.Value.Error;

    /// <summary>Name of the node, and its host name: the name given and a random ending, so that runs do not meet.</summary>
    public string Name { get; }

    /// <summary>Its IPv4 address: <c>127.0.0.1</c>, or that of its private network.</summary>
    public string Address { get; private set; } = "127.0.0.1";

    /// <summary>IPv4 address of this machine as seen from inside; the name <c>testbed-host</c> stands for it there.</summary>
    public string HostAddress => Address == "127.0.0.1" ? Address : Address[..Address.LastIndexOf('.')] + ".1";

    /// <summary>
    /// Ports for its agent to give to apps. Nodes that share this machine's network must not give the same ones, and an agent only sees what is
    /// taken at that moment; so each name has a range of its own, as far as a hundred of them go.
    /// </summary>
    public (int From, int To) Ports
    {
        get
        {
            var from = 15_000 + (150 * Name.Aggregate(0, (sum, c) => ((sum * 31) + c) % 100));
            return (from, from + 149);
        }
    }

    /// <summary>Folder of the offline nixpkgs inside every VPS, for <c>--override-input nixpkgs path:…</c>.</summary>
    /// <returns>The folder; null where real nixpkgs can be reached.</returns>
    public static Task<string?> OfflineNixpkgsAsync() => Nixpkgs.Value;

    /// <summary>Boots a new VPS and waits until systemd has started everything.</summary>
    /// <param name="name">Small letters, digits and dashes, at most 50.</param>
    /// <param name="options">Network and shared folders; default: this machine's network, nothing shared.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The running VPS.</returns>
    /// <exception cref="InvalidOperationException">It did not boot; the message has the reason.</exception>
    /// <exception cref="TimeoutException">Nor did it fail within ten minutes.</exception>
    public static async Task<TestVps> BootAsync(string name, TestVpsOptions? options = null, CancellationToken cancellationToken = default)
    {
        (await Reaped.Value).OrThrow();
        var standing = options?.Standing == true;
        var vps = new TestVps(standing ? name : $"{name}-{Guid.NewGuid():N}"[..(name.Length + 7)]);
        List<string> arguments = ["boot", vps.Name];
        if (!standing)
            arguments.AddRange(["--owner", $"{Environment.ProcessId}"]);
        if (options?.PrivateNetwork == true)
            arguments.Add("--private-network");
        foreach (var (here, there) in options?.Binds ?? new Dictionary<string, string>(StringComparer.Ordinal))
            arguments.AddRange(["--bind", $"{here}:{there}"]);
        await vps.BootAsync(arguments, cancellationToken);
        return vps;
    }

    /// <summary>Removes a standing VPS, if there is one of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is gone.</returns>
    public static async Task RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        var nodes = (await VpsScript.RunAsync(["list"], ShortLimit, cancellationToken: cancellationToken)).OrThrow();
        if (nodes.Split('\n').Any(line => line.StartsWith(name + ' ', StringComparison.Ordinal)))
            await DoAsync(["rm", name], cancellationToken);
    }

    /// <summary>Starts it again after <see cref="KillAsync"/> or <see cref="StopAsync"/>, with its disk, network and shared folders.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When systemd has started everything.</returns>
    public Task RestartAsync(CancellationToken cancellationToken = default) => BootAsync(["boot", Name], cancellationToken);

    /// <summary>Runs a command as root in <c>/root</c>, with a clean environment, for at most two minutes.</summary>
    /// <param name="command">Program and arguments; no shell takes part.</param>
    /// <returns>Exit code and outputs, whatever they are.</returns>
    public Task<VpsResult> ExecAsync(params IReadOnlyList<string> command) => ExecAsync(command, input: null);

    /// <summary>Runs a command as root in <c>/root</c>, with a clean environment.</summary>
    /// <param name="command">Program and arguments; no shell takes part.</param>
    /// <param name="input">Its standard input; null: empty.</param>
    /// <param name="limit">Time limit; default two minutes.</param>
    /// <param name="cancellationToken">Kills the command.</param>
    /// <returns>Exit code and outputs, whatever they are.</returns>
    /// <exception cref="TimeoutException">The limit was reached and the command killed.</exception>
    public Task<VpsResult> ExecAsync(IReadOnlyList<string> command, string? input, TimeSpan? limit = null, CancellationToken cancellationToken = default) =>
        VpsScript.RunAsync(["exec", Name, "--", .. command], limit ?? TimeSpan.FromMinutes(2), input is null ? null : PipeSource.FromString(input), cancellationToken);

    /// <summary>Copies a file, or what is in a folder; owned by root, modes kept, parents made.</summary>
    /// <param name="source">File or folder here.</param>
    /// <param name="destination">Path inside; with a slash at the end, a file keeps its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is there.</returns>
    public Task CopyAsync(string source, string destination, CancellationToken cancellationToken = default) =>
        DoAsync(["copy", Name, source, destination], cancellationToken);

    /// <summary>Pulls the plug: every process ends at once by SIGKILL. The disk stays.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When all are gone.</returns>
    public Task KillAsync(CancellationToken cancellationToken = default) => DoAsync(["kill", Name], cancellationToken);

    /// <summary>Shuts down in order; after 15 seconds, as <see cref="KillAsync"/>. The disk stays.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is off.</returns>
    public Task StopAsync(CancellationToken cancellationToken = default) => DoAsync(["stop", Name], cancellationToken);

    /// <summary>Cuts its private network, or plugs it in again. Packets vanish while it is cut; connections stay open.</summary>
    /// <param name="up">False cuts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>When it is so.</returns>
    public Task SetLinkAsync(bool up, CancellationToken cancellationToken = default) => DoAsync(["link", Name, up ? "up" : "down"], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DoAsync(["rm", Name], CancellationToken.None);

    private static async Task<string?> ReadNixpkgsAsync()
    {
        var answer = (await VpsScript.RunAsync(["nixpkgs"], ShortLimit)).OrThrow().Split(' ');
        return answer[0] == "offline" ? answer[1] : null;
    }

    private async Task BootAsync(List<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            (await VpsScript.RunAsync(arguments, BootLimit, cancellationToken: cancellationToken)).OrThrow();
            var line = (await VpsScript.RunAsync(["list"], ShortLimit, cancellationToken: cancellationToken)).OrThrow()
                .Split('\n').Single(line => line.StartsWith(Name + ' ', StringComparison.Ordinal));
            Address = line.Split(' ')[3];
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private static async Task DoAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        (await VpsScript.RunAsync(arguments, ShortLimit, cancellationToken: cancellationToken)).OrThrow();
}
