using System.Globalization;
using VpsPilot.Agent.Commands;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Maintenance;
using VpsPilot.Agent.Processes;
using VpsPilot.Agent.Releases;
using VpsPilot.Agent.Units;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Config;
using VpsPilot.Contracts.Events;
using VpsPilot.Templates.Rendering;

namespace VpsPilot.Agent.Builds;

/// <summary>Builds a commit into a release. Nothing that runs is touched. What was left of an earlier try is thrown away.</summary>
internal sealed class BuildHandler(
    AgentPaths paths, SealedValues sealedValues, SourceFetcher fetcher, FlakeSource sources, EnvironmentBuilder environments, BuildSteps steps, Sealer sealer, ReleaseStore releases, SystemUsers users, DiskGuard disk, TimeProvider time)
{
    public async Task<CommandResult> RunAsync(CommandContext context, BuildCommand command, CancellationToken cancellationToken)
    {
        if (releases.Find(context.ProjectId, context.DeploymentId) is { } there)
            return Succeeded(there);
        if (disk.Check(Stages.Fetch) is { } full)
            return new() { Outcome = CommandOutcome.Failed, Failure = full };
        var workspace = new BuildWorkspace(paths, context.ProjectId, context.DeploymentId);
        workspace.Create();
        try
        {
            var built = await BuildAsync(context, command, workspace, cancellationToken);
            if (!built.Is(out var release, out var failure))
                return new() { Outcome = CommandOutcome.Failed, Failure = context.Output.Redact(failure) };
            releases.Save(context.ProjectId, release);
            return Succeeded(release);
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
            return failure;

        var environment = await stages.RunAsync(
            Stages.Environment, () => environments.BuildAsync(project, $"{unit}-env", flake, ConfigLoader.CommittedLock(workspace.Source, config), config.Nix.UpdateLock, output, cancellationToken), e => e.IsKept ? $"{e.Path} (kept)" : e.Path);
        if (!environment.Is(out var env, out failure))
            return failure;

        foreach (var (stage, commands, timeout) in new[] { (Stages.Compile, config.Build.Commands, config.Build.Timeout), (Stages.Test, config.Test.Commands, config.Test.Timeout) })
        {
            if (commands is null or [])
            {
                stages.Skip(stage, "no commands");
                continue;
            }

            var ran = await stages.RunAsync(stage, () => steps.RunAsync(stage, unit, workspace, config, commands, timeout, env, output, cancellationToken), r => r.Summary);
            if (!ran.Is(out _, out failure))
                return failure;
        }

        // What the build left behind may be large, and goes into the store once more.
        if (disk.Check(Stages.Seal) is { } full)
            return full;
        var sealedResult = await stages.RunAsync(
            Stages.Seal, () => sealer.SealAsync(project, context.DeploymentId, unit, workspace, config, env, output, cancellationToken),
            s => string.Create(CultureInfo.InvariantCulture, $"{s.StorePath}, closure {s.ClosureBytes / 1048576.0:0.0} MB"));
        return sealedResult.Is(out var release, out failure)
            ? new ReleaseManifest
            {
                ReleaseId = context.DeploymentId,
                Commit = source.Commit,
                Subject = source.Subject,
                StorePath = release.StorePath,
                ClosureBytes = release.ClosureBytes,
                Config = config,
                BuiltAt = time.GetUtcNow(),
            }
            : failure;
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
            if (!(await sources.AddAsync(config, $"{unit}-source", workspace, output, cancellationToken)).Is(out var tree, out var unread))
                return unread;
            request = request with { FlakeStorePath = tree.Path };
        }

        var (flake, failure) = FlakeRenderer.Render(request);
        return flake is null ? failure! : flake;
    }

    private static CommandResult Succeeded(ReleaseManifest release) => new()
    {
        Outcome = CommandOutcome.Succeeded,
        Built = new BuiltRelease(release.Commit, release.StorePath, release.ClosureBytes, release.Config.Deployment) { Subject = release.Subject },
    };
}
