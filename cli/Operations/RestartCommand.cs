using System.CommandLine;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Deployments;

namespace VpsPilot.Cli.Operations;

/// <summary><c>vpspilot restart</c></summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        var environment = ReleaseCommands.EnvironmentOption();
        return Actions.Command("restart", "Restart a project, and wait until it has.", environment).CallsProject(async (session, api, project, ct) =>
        {
            var started = await api.PostAsync(Route.To($"api/projects/{project}/restart"), new RestartWish(session.Get(environment)), ApiJson.Default.RestartWish, ApiJson.Default.OperationView, ct);
            return await OperationRun.ShowAsync(session, api, started, ct);
        });
    }
}
