using System.Globalization;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Activation;

/// <summary>A generation of a profile.</summary>
internal sealed record Generation(int Number);

/// <summary>Generations of the projects' Nix profiles; each is a GC root.</summary>
internal sealed class ProfileGenerations(AgentPaths paths, ProcessRunner runner)
{
    /// <summary>Makes a store path the profile's present generation. The same path again makes no new one.</summary>
    public async Task<Result<Generation>> SetAsync(string projectId, string storePath, string step, CancellationToken cancellationToken)
    {
        var profile = paths.Profile(projectId);
        Directory.CreateDirectory(Path.GetDirectoryName(profile)!);
        var set = await runner.RunAsync(new("nix-env", NixCommands.SetProfile(profile, storePath)), cancellationToken);
        if (!set.IsSuccess)
            return set.ToFailure(step, "nix-env --set");
        return Present(profile) is { } number ? new Generation(number) : new Failure(step, FailureKind.Internal, $"The generation of {profile} cannot be read.");
    }

    /// <summary>Goes back to a generation that is there.</summary>
    public async Task<Failure?> SwitchAsync(string projectId, int generation, string step, CancellationToken cancellationToken)
    {
        var profile = paths.Profile(projectId);
        if (Present(profile) == generation)
            return null;
        var switched = await runner.RunAsync(new("nix-env", NixCommands.SwitchGeneration(profile, generation)), cancellationToken);
        return switched.IsSuccess ? null : switched.ToFailure(step, "nix-env --switch-generation");
    }

    /// <summary>Forgets generations; the present one stays whatever is asked.</summary>
    public async Task DeleteAsync(string projectId, IReadOnlyCollection<int> generations, CancellationToken cancellationToken)
    {
        var profile = paths.Profile(projectId);
        var gone = generations.Where(g => g != Present(profile)).ToList();
        if (gone.Count > 0)
            await runner.RunAsync(new("nix-env", NixCommands.DeleteGenerations(profile, gone)), cancellationToken);
    }

    /// <summary>Takes the profile away, with all its generations.</summary>
    public void Remove(string projectId)
    {
        var profile = paths.Profile(projectId);
        var folder = Path.GetDirectoryName(profile)!;
        if (!Directory.Exists(folder))
            return;
        foreach (var link in Directory.EnumerateFileSystemEntries(folder, Path.GetFileName(profile) + "*").Where(l => l == profile || NumberOf(profile, l) is not null))
            File.Delete(link);
    }

    /// <summary>A profile is a link to <c>NAME-42-link</c> beside it.</summary>
    private static int? Present(string profile) => new FileInfo(profile).LinkTarget is { } link ? NumberOf(profile, link) : null;

    private static int? NumberOf(string profile, string link)
    {
        var (name, file) = (Path.GetFileName(profile) + "-", Path.GetFileName(link));
        return file.StartsWith(name, StringComparison.Ordinal) && file.EndsWith("-link", StringComparison.Ordinal)
            && int.TryParse(file.AsSpan(name.Length, Math.Max(0, file.Length - name.Length - "-link".Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
