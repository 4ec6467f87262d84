using VpsPilot.Agent.Builds;

namespace VpsPilot.Agent.Tests.Builds;

/// <summary>Tests that put programs before the process's own, which all others would find too: nothing runs beside them.</summary>
[CollectionDefinition("PATH", DisableParallelization = true)]
public sealed class PathCollection;

/// <summary>
/// A <c>nix</c> that builds nothing, keeps the lock that it was given, and leaves the one that a test says. Beside it a <c>systemd-run</c> that only runs the command.
/// </summary>
internal sealed class StandInNix : IDisposable
{
    private readonly string folder;
    private readonly string? before = Environment.GetEnvironmentVariable("PATH");

    public StandInNix(string folder)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "store"));
        Program("systemd-run", "while [ \"$1\" != -- ]; do shift; done; shift; exec \"$@\"");
        Program("nix", $$"""
            for argument; do
              case $argument in path:*#*) flake=${argument#path:}; flake=${flake%%#*} ;; esac
              [ "$last" = --out-link ] && link=$argument
              last=$argument
            done
            cp "$flake/flake.lock" "{{folder}}/given.lock" 2>/dev/null || rm -f "{{folder}}/given.lock"
            cp "{{folder}}/after.lock" "$flake/flake.lock"
            ln -sfn "{{folder}}/store" "$link"
            echo "{{folder}}/store"
            """);
        Environment.SetEnvironmentVariable("PATH", $"{folder}:{before}");
    }

    /// <summary>The lock that the last build found; null when it found none.</summary>
    public string? Given => File.Exists(Path.Combine(folder, "given.lock")) ? File.ReadAllText(Path.Combine(folder, "given.lock")) : null;

    /// <summary>What a build leaves as its lock.</summary>
    public void Leaves(string flakeLock)
    {
        File.WriteAllText(Path.Combine(folder, "after.lock"), flakeLock);
        File.Delete(Path.Combine(folder, "given.lock"));
    }

    public void Dispose() => Environment.SetEnvironmentVariable("PATH", before);

    private void Program(string name, string script)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(file, BuildWorkspace.Private);
    }
}
