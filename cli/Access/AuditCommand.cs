using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Deployments;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Access;

/// <summary><c>vpspilot audit</c></summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var limit = DeploymentsCommand.LimitOption();
        return Actions.Command("audit", "Who did what, when and from where, newest first.", limit).Calls(async (session, api, ct) =>
            session.Output.Show(await api.ListAsync("api/audit", ApiJson.Default.AuditEntry, ct, session.Get(limit)), entries =>
            {
                var table = new TextTable("WHEN", "WHO", "FROM", "STATUS", "WHAT", "PATH");
                foreach (var entry in entries)
                {
                    table.Add(Words.Time(entry.At), entry.Who, entry.From, new Cell($"{entry.Status}", entry.Status < 400 ? Styles.Good : Styles.Bad), entry.What, $"{entry.Method} {entry.Path}");
                }

                table.Write(session.Output, "Nothing was done yet.");
            }));
    }
}
