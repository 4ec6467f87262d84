using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Access;

/// <summary><c>vpspilot tokens …</c></summary>
internal static class TokenCommands
{
    public static Command Create() => Actions.Command("tokens", "Tokens of people and CI.", List(), CreateToken(), Delete());

    private static Command List() => Actions.Command("list", "Tokens, and when they were last used; never their text.").Calls(async (session, api, ct) =>
        session.Output.Show(await api.ListAsync("api/tokens", ApiJson.Default.TokenView, ct), tokens =>
        {
            var table = new TextTable("ID", "NAME", "ROLE", "PROJECTS", "EXPIRES", "LAST USED");
            foreach (var token in tokens)
            {
                table.Add(token.Id, token.Name, token.Role, token.Projects is null ? "all" : string.Join(", ", token.Projects), Words.Time(token.ExpiresAt), Words.Time(token.LastUsedAt));
            }

            table.Write(session.Output, "There are no tokens.");
        }));

    private static Command CreateToken()
    {
        var name = new Argument<string>("name") { Description = "Name, for lists and the audit log" };
        var role = new Option<string>("--role") { Description = "What it may do", HelpName = "viewer|deployer|admin", Required = true };
        role.AcceptOnlyFromAmong("viewer", "deployer", "admin");
        var projects = new Option<string[]>("--project", "-p") { Description = "A project that it is limited to; may be given several times; default: all", HelpName = "ID" };
        var days = new Option<int?>("--days") { Description = "Days until it expires; default: never", HelpName = "N" };
        return Actions.Command("create", "Make a token; prints its text, which is shown only now.", name, role, projects, days).Calls(async (session, api, ct) =>
        {
            var wish = new NewToken(session.Get(name), session.Get(role)!)
            {
                Projects = session.Get(projects) is { Length: > 0 } some ? some : null,
                ExpiresAt = session.Get(days) is { } n ? TimeProvider.System.GetUtcNow().AddDays(n) : null,
            };
            return session.Output.Show(await api.PostAsync("api/tokens", wish, ApiJson.Default.NewToken, ApiJson.Default.CreatedToken, ct), made =>
            {
                session.Output.Remark($"Made {made.Details.Name} ({made.Details.Id}). Its text is shown only now:");
                session.Output.Line(made.Token);
            });
        });
    }

    private static Command Delete()
    {
        var (id, yes) = (new Argument<string>("id") { Description = "Id of the token" }, Confirmation.Option());
        return Actions.Command("delete", "Delete a token; it is refused from then on.", id, yes).Calls(async (session, api, ct) =>
            await Confirmation.AskAsync(session, yes, $"Delete the token {session.Get(id)}?") is { } no
                ? session.Output.Fail(no)
                : session.Output.Show(await api.DeleteAsync(Route.To($"api/tokens/{session.Get(id)}"), ct), _ => session.Output.Line($"Deleted {session.Get(id)}.")));
    }
}
