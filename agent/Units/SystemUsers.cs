using System.Security.Cryptography;
using System.Text;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Units;

/// <summary>System users: for each project one that it runs as, and one that it is built as.</summary>
internal sealed class SystemUsers(ProcessRunner runner)
{
    private const string Builder = "vpsbuild-";

    /// <summary>The longest name that Linux tools agree on.</summary>
    private const int MaxLength = 31;

    /// <summary>User of a project: <c>vpspilot-ID</c>, or with a hash in place of what is too long.</summary>
    public static string Of(string projectId) => Name("vpspilot-", projectId);

    /// <summary>User that a project's build and test commands run as: <c>vpsbuild-ID</c>. It owns the source and the package managers' caches, nothing else.</summary>
    public static string BuilderOf(string projectId) => Name(Builder, projectId);

    private static string Name(string prefix, string projectId)
    {
        var name = prefix + projectId;
        if (name.Length <= MaxLength)
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(projectId)))[..8];
        return $"{name[..Math.Min(name.Length, MaxLength - 9)]}-{hash}";
    }

    /// <summary>Makes user and group when they are not there, or what is missing of them. Unlike useradd, sysusers can be interrupted and repeated.</summary>
    public async Task<Failure?> EnsureAsync(string name, string home, string step, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(name, cancellationToken))
            return null;
        var made = await runner.RunAsync(new("systemd-sysusers", ["--inline", $"u {name} - \"VPS Pilot\" {home} /usr/sbin/nologin"]), cancellationToken);
        return made.IsSuccess ? null : made.ToFailure(step, $"systemd-sysusers {name}");
    }

    public async Task<Failure?> RemoveAsync(string name, string step, CancellationToken cancellationToken)
    {
        if (!(await runner.RunAsync(new("getent", ["passwd", name]), cancellationToken)).IsSuccess)
            return null;
        var removed = await runner.RunAsync(new("userdel", [name]), cancellationToken);
        return removed.IsSuccess ? null : removed.ToFailure(step, $"userdel {name}");
    }

    /// <summary>Lets a user into a folder that stays root's: to read and to go on, not to change.</summary>
    public async Task<Failure?> LetInAsync(string name, string path, string step, CancellationToken cancellationToken)
    {
        var given = await runner.RunAsync(new("chown", ["--no-dereference", $"root:{name}", "--", path]), cancellationToken);
        if (!given.IsSuccess)
            return given.ToFailure(step, $"chown to {name}");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        return null;
    }

    /// <summary>Gives a file to the user, or a folder with all that is in it.</summary>
    public async Task<Failure?> OwnAsync(string name, string path, string step, CancellationToken cancellationToken, bool recursive = false)
    {
        IReadOnlyList<string> arguments = [.. recursive ? ["--recursive"] : Array.Empty<string>(), "--no-dereference", $"{name}:{name}", "--", path];
        var owned = await runner.RunAsync(new("chown", arguments) { Timeout = TimeSpan.FromMinutes(10) }, cancellationToken);
        return owned.IsSuccess ? null : owned.ToFailure(step, $"chown to {name}");
    }

    private async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) =>
        (await runner.RunAsync(new("getent", ["passwd", name]), cancellationToken)).IsSuccess && (await runner.RunAsync(new("getent", ["group", name]), cancellationToken)).IsSuccess;
}
