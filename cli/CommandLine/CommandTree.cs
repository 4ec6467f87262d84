using System.CommandLine;
using VpsPilot.Cli.Access;
using VpsPilot.Cli.Completion;
using VpsPilot.Cli.Configuration;
using VpsPilot.Cli.Deployments;
using VpsPilot.Cli.Migration;
using VpsPilot.Cli.Nodes;
using VpsPilot.Cli.Operations;
using VpsPilot.Cli.Projects;
using VpsPilot.Cli.Secrets;
using VpsPilot.Cli.Servers;

namespace VpsPilot.Cli.CommandLine;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Deploys apps from git to your own servers.");
        GlobalOptions.AddTo(root);
        foreach (var command in (Command[])
        [
            InitCommand.Create(),
            ValidateCommand.Create(),
            LoginCommand.Create(),
            LogoutCommand.Create(),
            WhoAmICommand.Create(),
            NodeCommands.Create(),
            ProjectCommands.Create(),
            EnvironmentCommands.Create(),
            DeployCommand.Create(),
            StatusCommand.Create(),
            DeploymentsCommand.Create(),
            LogsCommand.Create(),
            ReleaseCommands.Releases(),
            ReleaseCommands.RollBack(),
            DecisionCommands.Cancel(),
            DecisionCommands.Approve(),
            RunCommand.Create(),
            RestartCommand.Create(),
            AuditCommand.Create(),
            TokenCommands.Create(),
            KeyCommands.Create(),
            ExportCommand.Create(),
            ImportArchiveCommand.Create(),
            OpenCommand.Create(),
            CompletionCommand.Create(),
            CompleteCommand.Create(),
        ])
        {
            root.Subcommands.Add(command);
        }

        return root;
    }
}
