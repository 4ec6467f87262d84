using VpsPilot.Functions.Idempotency;
using VpsPilot.Functions.Notices.Channels;
using VpsPilot.Functions.Notices.GitHub;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Secrets;

/// <summary>Whose secrets there are.</summary>
internal sealed class SecretOwners(ProjectStore projects)
{
    /// <summary>Projects; and the tokens of notices and of statuses, and answers that are remembered, which are values of owners that are no projects.</summary>
    public async Task<IReadOnlyList<string>> AllAsync(CancellationToken ct) =>
        [ChannelStore.Scope(null), IdempotencyStore.Owner, .. (await projects.IdsAsync(ct)).SelectMany(id => new[] { id, ChannelStore.Scope(id), StatusTokens.Scope(id) })];
}
