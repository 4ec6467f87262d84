using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Migration;

/// <summary><c>vpspilot import FILE</c></summary>
internal static class ImportArchiveCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "The archive" };
        var merge = new Option<bool>("--merge") { Description = "Also where there are projects or nodes already; what has the same name is replaced" };
        return Actions.Command("import", "Store the archive of another control plane. The passphrase is asked for, or read from standard input. Prints what the nodes are called here with.", file, merge).Calls(async (session, api, ct) =>
        {
            var path = session.Get(file);
            if (!File.Exists(path))
            {
                return session.Output.Fail(Complaint.Usage($"There is no file {path}."));
            }

            var passphrase = await SecretInput.ReadAsync("Passphrase of the archive: ", ct);
            if (passphrase.Length == 0 || passphrase.Any(c => c is < ' ' or > '~'))
            {
                return session.Output.Fail(Complaint.Usage("A passphrase is printable ASCII."));
            }

            await using var archive = File.OpenRead(path);
            var imported = await api.UploadAsync("api/import".With(("merge", session.Get(merge) ? "true" : null)), archive, ("X-Archive-Passphrase", passphrase), ApiJson.Default.Imported, ct);
            return session.Output.Show(imported, done =>
            {
                session.Output.Remark($"Stored {done.Content.Projects} projects, {done.Content.Nodes} nodes, {done.Content.Secrets} secret values and {done.Content.Logs} logs. Keep the next line in a file; it calls the nodes here: vpspilot nodes move FILE --server OLD");
                session.Output.Line(done.Move.GetRawText());
            });
        });
    }
}
