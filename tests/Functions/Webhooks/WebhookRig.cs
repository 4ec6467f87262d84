using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.DurableTask.Client;
using NSubstitute;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Webhooks;

namespace VpsPilot.Functions.Tests.Webhooks;

/// <summary>One project and deliveries to it, signed as each provider signs.</summary>
public sealed class WebhookRig : IAsyncDisposable
{
    private const string Project = "shop";

    private readonly DurableTaskClient client = Substitute.For<DurableTaskClient>("test");

    public WebhookRig() => client.GetInstanceAsync(default!, default(CancellationToken)).ReturnsForAnyArgs(call => new OrchestrationMetadata("x", call.Arg<string>()));

    public TestPlane Plane { get; } = new();

    internal async Task<Project> ProjectAsync(string provider, Func<Project, Project>? change = null)
    {
        await Plane.ProjectAsync(Project, "web-1");
        return (await Plane.Get<ProjectStore>().UpdateAsync(Project, p => (change ?? (same => same))(p with { Provider = provider }), default))!;
    }

    public string Secret => Plane.Get<ProjectStore>().WebhookSecretsAsync(Plane.Get<ProjectStore>().GetAsync(Project, default).Result!, default).Result[0];

    public string Hmac(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)));

    public async Task<IActionResult> PostAsync(string provider, string body, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return await Plane.Make<WebhookFunction>().ReceiveWebhook(context.Request, provider, Project, client, default);
    }

    public Task<IActionResult> GitHubAsync(string body, string name = "push", string delivery = "d-1") =>
        PostAsync("github", body, ("X-GitHub-Event", name), ("X-GitHub-Delivery", delivery), ("X-Hub-Signature-256", "sha256=" + Hmac(body)));

    public Task<IActionResult> GitLabAsync(string body, string name = "Push Hook", string? token = null) =>
        PostAsync("gitlab", body, ("X-Gitlab-Event", name), ("X-Gitlab-Token", token ?? Secret));

    public Task<IActionResult> GiteaAsync(string body, string delivery = "d-1", string header = "Gitea") =>
        PostAsync(header.ToLowerInvariant(), body, ($"X-{header}-Event", "push"), ($"X-{header}-Delivery", delivery), ($"X-{header}-Signature", Hmac(body)));

    public Task<IActionResult> BitbucketAsync(string body, string delivery = "d-1") =>
        PostAsync("bitbucket", body, ("X-Event-Key", "repo:push"), ("X-Request-UUID", delivery), ("X-Hub-Signature", "sha256=" + Hmac(body)));

    public Task<IActionResult> GenericAsync(string body, DateTimeOffset? at = null)
    {
        var stamp = (at ?? Plane.Time.GetUtcNow()).ToUnixTimeSeconds().ToString();
        return PostAsync("generic", body, ("X-VpsPilot-Timestamp", stamp), ("X-VpsPilot-Signature", "sha256=" + Hmac($"{stamp}.{body}")));
    }

    /// <summary>The deployment that a delivery was answered with.</summary>
    internal async Task<Deployment> DeploymentAsync(Task<IActionResult> answer) =>
        (await Plane.Get<DeploymentStore>().GetAsync((await answer).ShouldBeOfType<JsonAnswer<DeliveryAccepted>>().Value.DeploymentId, default))!;

    public static async Task<string> ReasonAsync(Task<IActionResult> answer) => (await answer).ShouldBeOfType<JsonAnswer<DeliveryIgnored>>().Value.Ignored;

    public static async Task ShouldBeProblemAsync(Task<IActionResult> answer, int status, string code)
    {
        var problem = (await answer).ShouldBeOfType<JsonAnswer<ProblemDocument>>();
        problem.StatusCode.ShouldBe(status);
        problem.Value.Code.ShouldBe(code);
    }

    public async Task<int> CountAsync() => (await Plane.Get<DeploymentStore>().ListAsync(Project, new Paging(100, null), default)).Items.Count;

    public ValueTask DisposeAsync() => Plane.DisposeAsync();
}
