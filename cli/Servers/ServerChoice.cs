using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Servers;

/// <summary>Which server a command speaks to: the one that <c>--server</c> or <c>VPSPILOT_SERVER</c> names, else the current one.</summary>
internal static class ServerChoice
{
    /// <param name="option">Name or address; null when it was not given.</param>
    public static Answer<Server> Choose(string? option)
    {
        var wanted = option ?? Variable("VPSPILOT_SERVER");
        var token = Variable("VPSPILOT_TOKEN");
        var read = ServersFile.Read();
        if (read.Value is not { } file)
        {
            return read.Complaint!;
        }

        if (wanted?.Contains("://", StringComparison.Ordinal) == true)
        {
            var url = wanted.TrimEnd('/');
            var known = file.Servers.Values.FirstOrDefault(s => s.Url == url) ?? new Server(url, "");
            var trusted = Authority(known);
            return trusted.Value is { } found ? Checked(found with { Token = token ?? found.Token }) : trusted;
        }

        var name = wanted ?? file.Current;
        if (name is null)
        {
            return new Complaint(ExitCode.Denied, "no-server", "No server is known yet.") { Hint = "Log in with: vpspilot login URL" };
        }

        return file.Servers.TryGetValue(name, out var server)
            ? Checked(server with { Token = token ?? server.Token })
            : new Complaint(ExitCode.Denied, "no-server", $"No server '{name}' is known.")
            {
                Hint = file.Servers.Count == 0 ? "Log in with: vpspilot login URL" : $"Known are: {string.Join(", ", file.Servers.Keys.Order(StringComparer.Ordinal))}",
            };
    }

    /// <summary>With the authority that <c>VPSPILOT_CA</c> names, for where no file of servers is kept.</summary>
    private static Answer<Server> Authority(Server server)
    {
        if (Variable("VPSPILOT_CA") is not { } file)
        {
            return server;
        }

        return File.Exists(file) ? server with { CertificateAuthority = File.ReadAllText(file) } : Complaint.Usage($"VPSPILOT_CA names a file that is not there: {file}");
    }

    private static Answer<Server> Checked(Server server) =>
        Server.Mistake(server.Url) is { } mistake ? mistake
        : server.Token.Length == 0 ? new Complaint(ExitCode.Denied, "no-token", $"There is no token for {server.Url}.") { Hint = $"Log in with: vpspilot login {server.Url}   (or set VPSPILOT_TOKEN)" }
        : server;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
