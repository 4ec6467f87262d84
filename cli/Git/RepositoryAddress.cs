namespace VpsPilot.Cli.Git;

/// <summary>Addresses of git repositories, which may be written in several ways.</summary>
internal static class RepositoryAddress
{
    /// <summary>Whether two addresses mean the same repository: the same path at the same host, however it is spoken to.</summary>
    public static bool AreSame(string one, string other) => Canonical(one) == Canonical(other);

    /// <summary><c>host/path</c>, without user, port, and <c>.git</c>; for a folder its path.</summary>
    private static string Canonical(string address)
    {
        var (host, path) = Parts(address);
        path = path.TrimEnd('/');
        path = path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path;
        return host.Length == 0 ? path : $"{host.ToLowerInvariant()}/{path.TrimStart('/')}";
    }

    private static (string Host, string Path) Parts(string address)
    {
        if (address.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(address, UriKind.Absolute, out var url))
        {
            return (url.Host, Uri.UnescapeDataString(url.AbsolutePath));
        }

        // user@host:path, as scp has it. A colon after a slash is part of a path.
        var colon = address.IndexOf(':');
        return colon > 0 && !address[..colon].Contains('/') ? (address[(address.IndexOf('@') is var at && at < colon ? at + 1 : 0)..colon], address[(colon + 1)..]) : ("", address);
    }
}
