using System.CommandLine;
using System.Text.Json;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Migration;

/// <summary><c>vpspilot nodes move FILE</c></summary>
internal static class MoveCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "What 'vpspilot import' printed at the other control plane; - for standard input" };
        return Actions.Command("move", "Send nodes to the control plane that imported this one's archive.", file).Calls(async (session, api, ct) =>
        {
            var path = session.Get(file);
            if (path != "-" && !File.Exists(path))
            {
                return session.Output.Fail(Complaint.Usage($"There is no file {path}."));
            }

            JsonElement target;
            try
            {
                target = JsonSerializer.Deserialize(path == "-" ? await Console.In.ReadToEndAsync(ct) : await File.ReadAllTextAsync(path, ct), ApiJson.Default.JsonElement);
            }
            catch (JsonException)
            {
                return session.Output.Fail(Complaint.Usage($"{path} is not what 'vpspilot import' prints."));
            }

            // With --json, an import prints all of its answer.
            target = target.ValueKind == JsonValueKind.Object && target.TryGetProperty("move", out var move) ? move : target;
            return session.Output.Show(await api.PostAsync("api/moves", target, ApiJson.Default.JsonElement, ApiJson.Default.AskedNodes, ct), asked =>
                session.Output.Line(asked.Nodes.Count == 0 ? "No node was asked: none of them is here, or its queue cannot be reached." : $"Asked {string.Join(", ", asked.Nodes)}. See them go with: vpspilot nodes list"));
        });
    }
}
