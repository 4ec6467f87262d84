using Microsoft.AspNetCore.Http;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Operations;

namespace VpsPilot.Functions.Access;

/// <summary>What a token that is limited to projects reaches: the paths of its projects, of their deployments and operations, the list of projects and the stream of events, which are filtered, and who it is.</summary>
internal sealed class TokenScope(DeploymentStore deployments, OperationStore operations)
{
    public async Task<bool> ContainsAsync(AccessToken token, HttpRequest request, CancellationToken ct)
    {
        if (token.Projects is not { } projects)
        {
            return true;
        }

        // The first segment is "api".
        var project = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            [_, "projects", var id, ..] => id,
            [_, "deployments", var id, ..] => (await deployments.GetAsync(id, ct))?.ProjectId,
            [_, "operations", var id, ..] => (await operations.GetAsync(id, ct))?.ProjectId,
            [_, "projects"] when HttpMethods.IsGet(request.Method) => projects is [var any, ..] ? any : null,
            [_, "events"] or [_, "whoami"] => projects is [var any, ..] ? any : null,
            _ => null,
        };
        return project is not null && projects.Contains(project, StringComparer.Ordinal);
    }
}
