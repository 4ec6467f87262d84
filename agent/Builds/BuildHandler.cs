using System.Globalization;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Maintenance;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Sharing;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Builds;

/// <summary>Builds a commit into a release. Nothing that runs is touched. What was left of an earlier try is thrown away.</summary>
internal sealed class BuildHandler(
    AgentPaths paths, SealedValues sealedValues, SourceFetcher fetcher, FlakeSource sources, EnvironmentBuilder environments, BuildSteps steps, Sealer sealer, TreeSharing sharing, TreeReceiver receiver, ReleaseStore releases, SystemUsers users, DiskGuard disk, TimeProvider time)
{
    public async Task<CommandResult> RunAsync(CommandContext context, BuildCommand command, CancellationToken cancellationToken)
    {
        var there = releases.Find(context.ProjectId, context.DeploymentId);
        if (there is not null && !command.ShareTree)
            return Succeeded(there, null);
        if (disk.Check(Stages.Fetch) is { } full)
            return new() { Outcome = CommandOutcome.Failed, Failure = full };
        var workspace = new BuildWorkspace(paths, context.ProjectId, context.DeploymentId);
        workspace.Create();
        try
        {
            var built = there ?? await BuildAsync(context, command, workspace, cancellationToken);
            if (!built.Is(out var release, out var failure))
                return new() { Outcome = CommandOutcome.Failed, Failure = context.Output.Redact(failure) };
            if (there is null)
                releases.Save(context.ProjectId, release);
            if (!command.ShareTree)
                return Succeeded(release, null);
            var shared = await context.Stages.RunAsync(Stages.Share, () => sharing.ShareAsync(context.ProjectId, release, workspace, cancellationToken), t => Megabytes(t.Bytes));
            return shared.Is(out var tree, out failure) ? Succeeded(release, tree) : new() { Outcome = CommandOutcome.Failed, Failure = failure };
        }
        finally
        {
            workspace.Delete();
        }
    }

    private async Task<Result<ReleaseManifest>> BuildAsync(CommandContext context, BuildCommand command, BuildWorkspace workspace, CancellationToken cancellationToken)
    {
        var (project, stages, output, unit) = (context.ProjectId, context.Stages, context.Output, $"vpspilot-build-{context.DeploymentId}");
        var credentials = Uri.TryCreate(command.Repository, UriKind.Absolute, out var url) ? url.UserInfo.Split(':') : [];
        output.Hide(credentials);

        var fetched = await stages.RunAsync(Stages.Fetch, () => fetcher.FetchAsync(project, command, workspace, output, cancellationToken), s => $"{s.Commit[..12]} {s.Subject}");
        if (!fetched.Is(out var source, out var failure))
            return failure;

        var configured = await stages.RunAsync(Stages.Configure, () => ConfigureAsync(context, command, workspace, credentials, cancellationToken), c => c.Notes.Count == 0 ? null : string.Join("; ", c.Notes));
        if (!configured.Is(out var resolved, out failure))
            return failure;
        var config = resolved.Config;

        var rendered = await stages.RunAsync(Stages.Render, () => RenderAsync(project, config, unit, workspace, output, cancellationToken));
        if (!rendered.Is(out var flake, out failure))
            return resolved.Lines.Locate(failure);

        ReceivedTree? received = null;
        if (command.Tree is { } tree)
        {
            var taken = await stages.RunAsync(Stages.Receive, () => receiver.ReceiveAsync(context.DeploymentId, tree, workspace, cancellationToken), _ => $"{Megabytes(tree.Bytes)} from node {tree.NodeId}");
            if (!taken.Is(out received, out failure))
                return failure;
        }

        var pins = new LockChoice(received?.LockFile, ConfigLoader.CommittedLock(workspace.Source, config), config.Nix.UpdateLock);
        var environment = await stages.RunAsync(Stages.Environment, () => environments.BuildAsync(project, $"{unit}-env", flake, pins, output, cancellationToken), e => e.IsKept ? $"{e.Path} (kept)" : e.Path);
        if (!environment.Is(out var env, out failure))
            return failure;

        if (await CompileAsync(context, command, workspace, config, env, unit, cancellationToken) is { } broken)
            return broken;

        // What the build left behind may be large, and goes into the store once more.
        if (disk.Check(Stages.Seal) is { } full)
            return full;
        var sealedResult = await stages.RunAsync(
            Stages.Seal, () => sealer.SealAsync(project, context.DeploymentId, unit, workspace, received, config, env, output, cancellationToken),
            s => $"{s.StorePath}, closure {Megabytes(s.ClosureBytes)}");
        return sealedResult.Is(out var release, out failure)
            ? new ReleaseManifest
            {
                ReleaseId = context.DeploymentId,
                Commit = source.Commit,
                Subject = source.Subject,
                StorePath = release.StorePath,
                TreePath = release.TreePath,
                ClosureBytes = release.ClosureBytes,
                Config = config,
                Lines = resolved.Lines.All,
                BuiltAt = time.GetUtcNow(),
            }
            : resolved.Lines.Locate(failure);
    }

    /// <summary>The build and test commands, unless another node ran them. Null when all went well.</summary>
    private async Task<Failure?> CompileAsync(CommandContext context, BuildCommand command, BuildWorkspace workspace, ProjectConfig config, BuiltEnvironment environment, string unit, CancellationToken cancellationToken)
    {
        foreach (var (stage, commands, timeout) in new[] { (Stages.Compile, config.Build.Commands, config.Build.Timeout), (Stages.Test, config.Test.Commands, config.Test.Timeout) })
        {
            if (command.Tree is not null || commands is null or [])
            {
                context.Stages.Skip(stage, command.Tree is { } tree ? $"done by node {tree.NodeId}" : "no commands");
                continue;
            }

            var ran = await context.Stages.RunAsync(stage, () => steps.RunAsync(stage, unit, workspace, config, commands, timeout, environment, context.Output, cancellationToken), r => r.Summary);
            if (!ran.Is(out _, out var failure))
                return failure;
        }

        return null;
    }

    private async Task<Result<ResolvedConfig>> ConfigureAsync(CommandContext context, BuildCommand command, BuildWorkspace workspace, IEnumerable<string> credentials, CancellationToken cancellationToken)
    {
        if (!sealedValues.Open(command.Environment, context.Command.CommandId, Stages.Configure).Is(out var values, out var failure))
            return failure;
        context.Output.Hide(values.Values.Concat(credentials));
        if (!ConfigLoader.Load(workspace.Source, values, command.ConfigFile).Is(out var resolved, out failure))
            return failure;

        DurableFile.Write(workspace.EnvironmentFile, System.Text.Encoding.UTF8.GetBytes(EnvironmentFile.Render(resolved.Environment)));
        var builder = SystemUsers.BuilderOf(context.ProjectId);
        return await users.EnsureAsync(builder, "/nonexistent", Stages.Configure, cancellationToken)
            ?? await users.LetInAsync(builder, paths.Cache(context.ProjectId), Stages.Configure, cancellationToken)
            ?? await users.OwnAsync(builder, workspace.Source, Stages.Configure, cancellationToken, recursive: true)
            ?? await users.OwnAsync(builder, workspace.Home, Stages.Configure, cancellationToken)
            ?? (Result<ResolvedConfig>)resolved;
    }

    private async Task<Result<RenderedFlake>> RenderAsync(string projectId, ProjectConfig config, string unit, BuildWorkspace workspace, IOutputSink output, CancellationToken cancellationToken)
    {
        var request = new FlakeRequest(projectId, config);
        if (config.Type == ProjectType.Custom)
        {
            if (!(await sources.AddAsync($"{unit}-source", workspace, output, cancellationToken)).Is(out var tree, out var unread))
                return unread;
            request = request with { FlakeStorePath = tree.Path };
        }

        var (flake, failure) = FlakeRenderer.Render(request);
        return flake is null ? failure! : flake;
    }

    private static CommandResult Succeeded(ReleaseManifest release, SharedTree? tree) => new()
    {
        Outcome = CommandOutcome.Succeeded,
        Built = new BuiltRelease(release.Commit, release.StorePath, release.ClosureBytes, release.Config.Deployment) { Subject = release.Subject, Tree = tree },
    };

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");
}
