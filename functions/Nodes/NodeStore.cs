using System.Security.Cryptography;
using System.Text;
using VpsPilot.Contracts.Enrollment;
using VpsPilot.Contracts.Events;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Deployments.Events;
using VpsPilot.Functions.Nodes.Moving;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Storage;

namespace VpsPilot.Functions.Nodes;

/// <summary>Points from the hash of an agent's token to its node.</summary>
internal sealed record NodeReference(string NodeId);

/// <summary>The nodes and their last signs of life.</summary>
internal sealed class NodeStore(IStateStore store, TimeProvider time)
{
    private const string Nodes = "node";
    private const string Signs = "node-sign";
    private const string AgentTokens = "agent-token";

    private static readonly TimeSpan EnrollmentLifetime = TimeSpan.FromHours(1);

    public async Task<Node?> GetAsync(string id, CancellationToken ct) =>
        Identifier.IsValid(id) ? (await store.GetAsync(Nodes, id, NodesJson.Default.Node, ct))?.Value : null;

    public async Task<NodeSign?> GetSignAsync(string id, CancellationToken ct) =>
        (await store.GetAsync(Signs, id, NodesJson.Default.NodeSign, ct))?.Value;

    /// <summary>When each node was last heard of, by its id; those that never were are left out.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> LastSeenAsync(CancellationToken ct) =>
        (await store.ListAllAsync(Signs, "", NodesJson.Default.LastSign, ct)).ToDictionary(s => s.Key, s => s.Value.LastSeenAt, StringComparer.Ordinal);

    public Task<VersionedPage<Node>> ListAsync(Paging paging, CancellationToken ct) =>
        store.ListAsync(Nodes, "", paging.Limit, paging.Continuation, NodesJson.Default.Node, ct);

    /// <summary>Makes a node and its enrolment token; null when the id is taken.</summary>
    public async Task<(Node Node, string Token)?> CreateAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken ct)
    {
        var node = new Node { Id = name, Name = name, Labels = labels, CreatedAt = time.GetUtcNow() };
        var (armed, token) = Arm(node);
        return await store.InsertAsync(Nodes, node.Id, armed, NodesJson.Default.Node, ct) is null ? null : (armed, token);
    }

    /// <summary>A new enrolment token for a node that lost its own; the agent that enrols with it replaces the earlier one. Null when there is no such node.</summary>
    public async Task<(Node Node, string Token)?> RearmAsync(string id, CancellationToken ct)
    {
        var token = "";
        var node = !Identifier.IsValid(id) ? null : await store.UpdateAsync(Nodes, id, current =>
        {
            if (current is null)
            {
                return null;
            }

            (var armed, token) = Arm(current);
            return armed;
        }, NodesJson.Default.Node, ct);
        return node is null ? null : (node, token);
    }

    /// <summary>The node that an enrolment token belongs to; null when it is unknown, used or expired.</summary>
    public async Task<Node?> FindByEnrollmentAsync(string token, CancellationToken ct)
    {
        // The node's id stands in the token, so that no index of tokens is needed: vpe_<random>.<id>
        var dot = token.IndexOf('.');
        var node = dot < 0 ? null : await GetAsync(token[(dot + 1)..], ct);
        return node?.EnrollmentHash is { } hash && node.EnrollmentExpiresAt > time.GetUtcNow() && SameHash(hash, Tokens.Hash(token)) ? node : null;
    }

    /// <summary>Why a token does not enrol, for the audit log, and the node it speaks of where there is one.</summary>
    public async Task<(string? NodeId, string Reason)> WhyRefusedAsync(string token, CancellationToken ct)
    {
        var dot = token.IndexOf('.');
        var node = dot < 0 ? null : await GetAsync(token[(dot + 1)..], ct);
        var reason = node switch
        {
            null => "unknown token",
            { EnrollmentHash: null, RevokedAt: not null } => "the node is revoked",
            { EnrollmentHash: null } => "the token was used",
            { EnrollmentHash: { } hash } when !SameHash(hash, Tokens.Hash(token)) => "not the token of the node",
            { EnrollmentExpiresAt: { } end } when end <= time.GetUtcNow() => "the token is expired",
            _ => "another enrolment was faster",
        };
        return (node?.Id, reason);
    }

    /// <summary>Uses up the enrolment token and stores the agent's keys. The agent's token, or null when another enrolment was faster.</summary>
    public async Task<string?> EnrollAsync(Node node, EnrollRequest request, string commandKey, CancellationToken ct)
    {
        var token = Tokens.Create(Tokens.Agent);
        var hash = Tokens.Hash(token);
        await store.UpsertAsync(AgentTokens, hash, new NodeReference(node.Id), NodesJson.Default.NodeReference, ct);
        var enrolled = await store.UpdateAsync(Nodes, node.Id, current => current?.EnrollmentHash != node.EnrollmentHash ? null : current! with
        {
            EnrollmentHash = null,
            EnrollmentExpiresAt = null,
            EnrolledAt = time.GetUtcNow(),
            SigningKey = request.SigningKey,
            SealingKey = request.SealingKey,
            CommandKey = commandKey,
            AgentTokenHash = hash,
            EarlierSigningKey = null,
            Renewal = null,
            Move = null,
            RevokedAt = null,
        }, NodesJson.Default.Node, ct);
        if (enrolled?.AgentTokenHash != hash)
        {
            await store.DeleteAsync(AgentTokens, hash, null, ct);
            return null;
        }

        if (node.AgentTokenHash is { } earlier)
        {
            await store.DeleteAsync(AgentTokens, earlier, null, ct);
        }

        // It may be another machine, with another clock.
        await store.DeleteAsync(Signs, node.Id, null, ct);
        return token;
    }

    /// <summary>Gives the node leave to renew its keys; null when there is none that is enrolled.</summary>
    public async Task<Node?> AllowRenewalAsync(string id, Renewal renewal, CancellationToken ct) =>
        await ChangeAsync(id, current => current.EnrolledAt is null ? null : current with { Renewal = renewal }, ct) is { } node && node.Renewal == renewal ? node : null;

    /// <summary>Replaces a node's keys by those that it made; the agent's new token, or null when its leave was withdrawn meanwhile.</summary>
    /// <param name="node">The node.</param>
    /// <param name="request">Its new keys.</param>
    /// <param name="signedWith">The key that signed the request; its events count for a while yet.</param>
    /// <param name="commandKey">The key that commands are signed with from now on.</param>
    /// <param name="ct">Cancels the work.</param>
    public async Task<string?> RenewAsync(Node node, RenewRequest request, string signedWith, string commandKey, CancellationToken ct)
    {
        var token = Tokens.Create(Tokens.Agent);
        var hash = Tokens.Hash(token);
        var earlier = node.AgentTokenHash;
        await store.UpsertAsync(AgentTokens, hash, new NodeReference(node.Id), NodesJson.Default.NodeReference, ct);
        var renewed = await ChangeAsync(node.Id, current =>
        {
            earlier = current.AgentTokenHash;
            return current.Renewal?.CommandId != request.CommandId || current.EnrolledAt is null ? null : current with
            {
                SigningKey = request.SigningKey,
                SealingKey = request.SealingKey,
                EarlierSigningKey = signedWith,
                CommandKey = commandKey,
                AgentTokenHash = hash,
                RenewedAt = time.GetUtcNow(),
            };
        }, ct);
        var isRenewed = renewed?.AgentTokenHash == hash;
        if ((isRenewed ? earlier : hash) is { } useless)
        {
            await store.DeleteAsync(AgentTokens, useless, null, ct);
        }

        return isRenewed ? token : null;
    }

    /// <summary>Takes every key from a node: it counts as not enrolled. Null when there is no such node.</summary>
    public async Task<Node?> RevokeAsync(string id, CancellationToken ct)
    {
        string? token = null;
        var node = await ChangeAsync(id, current =>
        {
            token = current.AgentTokenHash;
            return current with
            {
                EnrollmentHash = null,
                EnrollmentExpiresAt = null,
                EnrolledAt = null,
                SigningKey = null,
                SealingKey = null,
                EarlierSigningKey = null,
                CommandKey = null,
                AgentTokenHash = null,
                Renewal = null,
                Move = null,
                RevokedAt = time.GetUtcNow(),
            };
        }, ct);
        if (token is not null)
        {
            await store.DeleteAsync(AgentTokens, token, null, ct);
        }

        return node;
    }

    /// <summary>Remembers that the node is sent away; null when there is none that is enrolled.</summary>
    public async Task<Node?> BeginMoveAsync(string id, NodeMove move, CancellationToken ct) =>
        await ChangeAsync(id, current => current.EnrolledAt is null ? null : current with { Move = move }, ct) is { } node && node.Move == move ? node : null;

    /// <summary>Keeps what a node answered to the command that sends it away.</summary>
    public Task EndMoveAsync(string id, string commandId, CommandResult result, CancellationToken ct) =>
        ChangeAsync(id, current => current.Move is { } move && move.CommandId == commandId ? current with { Move = move.Answered(result, time.GetUtcNow()) } : null, ct);

    /// <summary>Keeps which key for events a node has said that it took.</summary>
    public Task TakeEventsKeyAsync(string id, string fingerprint, CancellationToken ct) =>
        ChangeAsync(id, current => current.EnrolledAt is null ? null : current with { EventsKey = fingerprint }, ct);

    /// <summary>Every node that is enrolled.</summary>
    public async Task<IReadOnlyList<Node>> EnrolledAsync(CancellationToken ct) =>
        [.. (await store.ListAllAsync(Nodes, "", NodesJson.Default.Node, ct)).Select(n => n.Value).Where(n => n.EnrolledAt is not null)];

    private async Task<Node?> ChangeAsync(string id, Func<Node, Node?> change, CancellationToken ct) =>
        Identifier.IsValid(id) ? await store.UpdateAsync(Nodes, id, current => current is null ? null : change(current), NodesJson.Default.Node, ct) : null;

    /// <summary>The node that an agent's token belongs to; null when there is none.</summary>
    public async Task<Node?> FindByAgentTokenAsync(string token, CancellationToken ct)
    {
        var hash = Tokens.Hash(token);
        var reference = await store.GetAsync(AgentTokens, hash, NodesJson.Default.NodeReference, ct);
        var node = reference is null ? null : await GetAsync(reference.Value.NodeId, ct);
        return node?.AgentTokenHash == hash ? node : null;
    }

    /// <summary>Keeps a heartbeat; where a later one is known, only that the node is there.</summary>
    public Task RecordSignAsync(string id, DateTimeOffset reportedAt, Heartbeat heartbeat, CancellationToken ct)
    {
        // A node's clock may be wrong, and set right later: what it says counts as said by now at the latest.
        var now = time.GetUtcNow();
        var at = reportedAt < now ? reportedAt : now;
        var kept = heartbeat.Bounded();
        return store.UpdateSoonAsync(Signs, id, current => current is not null && current.ReportedAt >= at && current.ReportedAt <= now ? current with { LastSeenAt = now } : new NodeSign
        {
            LastSeenAt = now,
            ReportedAt = at,
            AgentVersion = kept.AgentVersion,
            Facts = kept.Facts,
            Serving = kept.Serving,
            IsCut = kept.Serving.Count < heartbeat.Serving.Count,
            Loads = NodeSign.Append(current?.Loads ?? [], new LoadSample(at, kept.Facts.Load1)),
        }, NodesJson.Default.NodeSign, ct);
    }

    public async Task DeleteAsync(Node node, CancellationToken ct)
    {
        if (node.AgentTokenHash is { } hash)
        {
            await store.DeleteAsync(AgentTokens, hash, null, ct);
        }

        await store.DeleteAsync(Signs, node.Id, null, ct);
        await store.DeleteAsync(Nodes, node.Id, null, ct);
    }

    private static bool SameHash(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(a), Encoding.ASCII.GetBytes(b));

    private (Node Node, string Token) Arm(Node node)
    {
        var token = $"{Tokens.Create(Tokens.Enrollment)}.{node.Id}";
        return (node with { EnrollmentHash = Tokens.Hash(token), EnrollmentExpiresAt = time.GetUtcNow() + EnrollmentLifetime }, token);
    }
}
