using System.Globalization;
using VpsPilot.Testbed;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Switches;

/// <summary>The commands beneath a deployment of <c>samples/nodejs</c>, by hand and warm: git fetch, nix build, build command, nix build, systemctl, first healthy answer.</summary>
internal static class RawCommands
{
    /// <summary>Seconds that they take, one after the other, in the node itself.</summary>
    /// <param name="vps">The node, on which the project was deployed.</param>
    /// <param name="project">The project.</param>
    /// <param name="repository">Its clone URL.</param>
    public static async Task<double> TimeAsync(TestVps vps, string project, string repository)
    {
        // The agent overrides each input of nixpkgs by its name, and so do the raw commands: else they would ask the network.
        var offline = await TestVps.OfflineNixpkgsAsync() is { } nixpkgs ? $@"s|^ *\(nixpkgs-[0-9_]*\)\.url = .*|--override-input \1 path:{nixpkgs}|p" : "";
        var script = $$"""
            set -eu
            cache=/opt/vpspilot/cache/{{project}}
            environment=$(dirname "$(ls -d $cache/environments/*/flake | head -n 1)")
            release=$(readlink -f /opt/vpspilot/projects/current/{{project}})
            overrides=$(sed -n '{{offline}}' "$environment/flake/flake.nix")
            rm -rf /srv/raw; mkdir -p /srv/raw
            begin=$(date +%s.%N)
            git --git-dir=$cache/repository.git fetch --quiet --force {{repository}} '+refs/heads/main:refs/raw/head'
            git --git-dir=$cache/repository.git -c advice.detachedHead=false worktree add --quiet --force --detach /srv/raw/source refs/raw/head
            nix build path:$environment/flake#env --out-link /srv/raw/env $overrides
            (cd /srv/raw/source && PATH=/srv/raw/env/bin HOME=/srv/raw npm ci >/dev/null 2>&1 && PATH=/srv/raw/env/bin HOME=/srv/raw npm test >/dev/null 2>&1)
            rm -f /srv/raw/source/.git
            date +%N > /srv/raw/source/stamp
            nix store add --name source /srv/raw/source >/dev/null
            nix build path:$environment/flake#env --out-link /srv/raw/release $overrides
            systemd-run --quiet --unit=raw-{{project}} --setenv=PORT=20999 --working-directory=/srv/raw/source /srv/raw/env/bin/node server.js
            until curl --silent --fail --output /dev/null http://127.0.0.1:20999/health; do :; done
            end=$(date +%s.%N)
            systemctl stop raw-{{project}}
            git --git-dir=$cache/repository.git worktree prune
            echo "$begin $end"
            """;
        var times = (await vps.RunAsync(["bash", "-c", script])).Trim().Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        return times[1] - times[0];
    }
}
