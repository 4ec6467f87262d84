using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Builds;

/// <summary>The tree of an app with a flake of its own, as it was fetched: its environment is built from that, before anything is compiled.</summary>
internal sealed class FlakeSource(NixBuilder nix)
{
    /// <summary>Adds it to the store. It goes in without what git leaves at the top, which says where this work tree is and would make each build another tree.</summary>
    public async Task<Result<StorePath>> AddAsync(string unit, BuildWorkspace workspace, IOutputSink output, CancellationToken cancellationToken)
    {
        var git = Path.Combine(workspace.Source, ".git");
        var aside = Path.Combine(workspace.Directory, "git");
        if (File.Exists(git))
            File.Move(git, aside);
        var added = await nix.AddAsync(Stages.Render, unit, "source", workspace.Source, output, cancellationToken);
        if (File.Exists(aside))
            File.Move(aside, git);
        return added;
    }
}
