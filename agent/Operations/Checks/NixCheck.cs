using VpsPilot.Agent.Processes;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Operations.Checks;

/// <summary>Is Nix there, new enough, and does its store answer?</summary>
internal sealed class NixCheck(ProcessRunner runner) : INodeCheck
{
    private static readonly Version Oldest = new(2, 19);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public string Name => "nix";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        // "nix (Nix) 2.26.3"
        var version = await runner.RunAsync(new("nix", ["--version"]) { Timeout = Limit }, cancellationToken);
        if (!version.IsSuccess)
            return [new(Name, FindingState.Error, $"nix does not run: {version.LastErrorLine}", "Install it: apt-get install nix-setup-systemd on Debian 13 and later, or https://nixos.org/download (multi-user).")];
        var text = version.Answer.Split(' ')[^1];
        if (Version.TryParse(text.Split('-', '+')[0].Replace("pre", ".", StringComparison.Ordinal).Trim('.'), out var number) && number < Oldest)
            return [new(Name, FindingState.Error, $"Nix {text} is too old.", $"The agent needs Nix {Oldest} or later; update it.")];
        var store = await runner.RunAsync(new("nix", NixCommands.StoreInfo) { Timeout = Limit }, cancellationToken);
        return store.IsSuccess
            ? [new(Name, FindingState.Ok, $"Nix {text}; its store answers.", null)]
            : [new(Name, FindingState.Error, $"Nix {text} is there, but its store does not answer: {store.LastErrorLine}", "On the node: systemctl restart nix-daemon.socket nix-daemon.service, then journalctl -u nix-daemon.")];
    }
}
