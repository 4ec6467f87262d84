using System.Text.Json;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Notices.Channels;

/// <summary>The channels: of everything, and of single projects.</summary>
internal sealed class ChannelStore(IStateStore store, ISecretStore secrets)
{
    private const string States = "notice-state";

    public async Task<NoticeChannel?> GetAsync(string? project, string name, CancellationToken ct) =>
        (await store.GetAsync(Partition(project), name, NoticesJson.Default.NoticeChannel, ct))?.Value;

    /// <summary>The channels of one project alone, or (null) of everything.</summary>
    public async Task<IReadOnlyList<NoticeChannel>> ListAsync(string? project, CancellationToken ct) =>
        [.. (await store.ListAllAsync(Partition(project), "", NoticesJson.Default.NoticeChannel, ct)).Select(c => c.Value)];

    public async Task SetAsync(NoticeChannel channel, ChannelSecrets secret, string by, CancellationToken ct)
    {
        await secrets.SetAsync(Place(channel.ProjectId, channel.Name), JsonSerializer.Serialize(secret, NoticesJson.Default.ChannelSecrets), by, ct);
        await store.UpsertAsync(Partition(channel.ProjectId), channel.Name, channel, NoticesJson.Default.NoticeChannel, ct);
    }

    public async Task<ChannelSecrets> SecretsOfAsync(string? project, string name, CancellationToken ct) =>
        await secrets.ReadNewestAsync(Place(project, name), ct) is { } json
            ? JsonSerializer.Deserialize(json, NoticesJson.Default.ChannelSecrets)!
            : new(null, null, null);

    /// <summary>False when there is none.</summary>
    public async Task<bool> DeleteAsync(string? project, string name, CancellationToken ct)
    {
        await secrets.DeleteAsync(Place(project, name), purge: false, ct);
        await store.DeleteAsync(States, StateKey(project, name), null, ct);
        return await store.DeleteAsync(Partition(project), name, null, ct);
    }

    /// <summary>Forgets the channels of a project that is deleted.</summary>
    public async Task DeleteAllAsync(string project, CancellationToken ct)
    {
        foreach (var channel in await ListAsync(project, ct))
        {
            await DeleteAsync(project, channel.Name, ct);
        }
    }

    public async Task<ChannelState> StateOfAsync(string? project, string name, CancellationToken ct) =>
        (await store.GetAsync(States, StateKey(project, name), NoticesJson.Default.ChannelState, ct))?.Value ?? new(null, null, null);

    public Task RecordAsync(string? project, string name, DateTimeOffset at, string? error, CancellationToken ct) =>
        store.UpdateAsync(States, StateKey(project, name), current => error is null ? new(at, null, null) : (current ?? new(null, null, null)) with { LastError = error, LastErrorAt = at }, NoticesJson.Default.ChannelState, ct);

    private static string Partition(string? project) => project is null ? "notice-channel" : "notice-channel:" + project;

    /// <summary>No project can have this name, so no project's values can be mixed up with these.</summary>
    public static string Scope(string? project) => project is null ? "~notices" : "~notices-" + project;

    private static SecretPlace Place(string? project, string name) => new(Scope(project), SecretScope.Project, SecretName(name));

    private static string SecretName(string name) => "CHANNEL_" + name.ToUpperInvariant().Replace('-', '_');

    private static string StateKey(string? project, string name) => $"{project}:{name}";
}
