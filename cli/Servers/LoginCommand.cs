using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Servers;

/// <summary><c>vpspilot login</c>: checks a token and keeps it.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        var url = new Argument<string>("url") { Description = "Address of the control plane, as in https://pilot.example.org" };
        var name = new Option<string>("--name") { Description = "Name to keep it under", HelpName = "NAME", DefaultValueFactory = _ => "default" };
        var authority = new Option<FileInfo?>("--ca") { Description = "Certificate (PEM) of the authority that its certificate comes from", HelpName = "FILE" };
        return Actions.Command("login", "Log in to a control plane. The token is asked for, or read from standard input.", url, name, authority)
            .Does((session, ct) => LoginAsync(session, session.Get(url).TrimEnd('/'), session.Get(name)!, session.Get(authority), ct));
    }

    private static async Task<int> LoginAsync(Session session, string url, string name, FileInfo? authority, CancellationToken ct)
    {
        if (Server.Mistake(url) is { } mistake)
        {
            return session.Output.Fail(mistake);
        }

        if (authority is { Exists: false })
        {
            return session.Output.Fail(Complaint.Usage($"There is no file {authority}."));
        }

        var token = (await SecretInput.ReadAsync($"Token for {url}: ", ct)).Trim();
        if (token.Length == 0)
        {
            return session.Output.Fail(Complaint.Usage("No token was given.", "Type it when asked, or send it: vpspilot login URL < FILE"));
        }

        var server = new Server(url, token) { CertificateAuthority = authority is null ? null : await File.ReadAllTextAsync(authority.FullName, ct) };
        using var api = new ApiClient(server);
        var caller = await api.GetAsync("api/whoami", ApiJson.Default.WhoAmI, ct);
        if (caller.Value is not null && Keep(name, server) is { } complaint)
        {
            return session.Output.Fail(complaint);
        }

        return session.Output.Show(caller, me => session.Output.Line($"Logged in to {url} as {me.Name} ({WhoAmICommand.Reach(me)})."));
    }

    private static Complaint? Keep(string name, Server server)
    {
        var file = ServersFile.Read();
        return file.Value is { } present
            ? (present with { Current = name, Servers = new Dictionary<string, Server>(present.Servers, StringComparer.Ordinal) { [name] = server } }).Write()
            : file.Complaint;
    }
}
