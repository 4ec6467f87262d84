using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using NSubstitute;
using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Deployments.Orchestration;
using VpsPilot.Functions.Problems;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Webhooks;

namespace VpsPilot.Functions.Tests.Webhooks;

public sealed class GitHubWebhookTests : IAsyncLifetime
{
    private const string Delivery = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

    private readonly TestPlane plane = new();
    private readonly DurableTaskClient client = Substitute.For<DurableTaskClient>("test");

    [Fact]
    public async Task A_signed_push_starts_a_deployment_of_its_commit()
    {
        var project = await plane.ProjectAsync("shop", "web-1");

        var accepted = (await PostAsync(project, Push())).ShouldBeOfType<JsonAnswer<DeliveryAccepted>>();

        accepted.StatusCode.ShouldBe(202);
        var deployment = (await plane.Get<DeploymentStore>().GetAsync(accepted.Value.DeploymentId, default))!;
        deployment.ShouldSatisfyAllConditions(
            d => d.Commit.ShouldBe(TestData.Commit), d => d.Branch.ShouldBe("main"), d => d.Subject.ShouldBe("Fix the \"thing\""),
            d => d.RequestedBy.ShouldBe("ann"), d => d.Trigger.ShouldBe(DeploymentTrigger.Webhook), d => d.Status.ShouldBe(DeploymentStatus.Queued));
        await client.Received(1).ScheduleNewOrchestrationInstanceAsync(nameof(DeployOrchestrator), Arg.Any<object?>(), Arg.Is<StartOrchestrationOptions>(o => o.InstanceId == deployment.Id), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_second_delivery_of_the_same_id_changes_nothing()
    {
        var project = await plane.ProjectAsync("shop", "web-1");
        var first = (JsonAnswer<DeliveryAccepted>)await PostAsync(project, Push());
        client.GetInstanceAsync(first.Value.DeploymentId, Arg.Any<CancellationToken>()).Returns(new OrchestrationMetadata("x", first.Value.DeploymentId));

        var second = (JsonAnswer<DeliveryAccepted>)await PostAsync(project, Push());

        second.Value.ShouldBe(first.Value);
        await client.ReceivedWithAnyArgs(1).ScheduleNewOrchestrationInstanceAsync(default, default, default(StartOrchestrationOptions), default);
        (await plane.Get<DeploymentStore>().ListAsync("shop", new Paging(10, null), default)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_delivery_whose_start_was_cut_off_is_finished_by_its_redelivery()
    {
        var project = await plane.ProjectAsync("shop", "web-1");
        client.ScheduleNewOrchestrationInstanceAsync(default, default, default(StartOrchestrationOptions), default).ReturnsForAnyArgs(_ => throw new IOException("gone"), _ => "ok");
        await Should.ThrowAsync<IOException>(() => PostAsync(project, Push()));
        plane.Time.Advance(TimeSpan.FromSeconds(1));

        var second = (JsonAnswer<DeliveryAccepted>)await PostAsync(project, Push());

        await client.Received(2).ScheduleNewOrchestrationInstanceAsync(nameof(DeployOrchestrator), Arg.Any<object?>(), Arg.Is<StartOrchestrationOptions>(o => o.InstanceId == second.Value.DeploymentId), Arg.Any<CancellationToken>());
        (await plane.Get<DeploymentStore>().ListAsync("shop", new Paging(10, null), default)).Items.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, 401, "webhook-signature")]
    [InlineData("sha256=00", 401, "webhook-signature")]
    [InlineData("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", 401, "webhook-signature")]
    public async Task A_delivery_that_is_not_signed_is_refused_and_stores_nothing(string? signature, int status, string code)
    {
        var project = await plane.ProjectAsync("shop", "web-1");

        await ShouldBeProblemAsync(PostAsync(project, Push(), signature: signature, sign: false), status, code);
    }

    [Fact]
    public async Task An_unknown_project_is_not_found()
    {
        var project = await plane.ProjectAsync("shop", "web-1");

        await ShouldBeProblemAsync(PostAsync(project with { Id = "nobody" }, Push(), sign: false), 404, "project-not-found");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"after":"0"}""")]
    [InlineData("""{"ref":"refs/heads/main"}""")]
    [InlineData("""{"ref":"refs/heads/main","after":"HEAD; rm -rf /"}""")]
    [InlineData("""{"ref":7}""")]
    [InlineData("payload=%7B%7D")]
    public async Task A_malformed_push_is_refused_and_stores_nothing(string body)
    {
        var project = await plane.ProjectAsync("shop", "web-1");

        await ShouldBeProblemAsync(PostAsync(project, body), 400, "webhook-malformed");
    }

    [Fact]
    public async Task A_push_without_a_delivery_id_is_refused()
    {
        var project = await plane.ProjectAsync("shop", "web-1");

        await ShouldBeProblemAsync(PostAsync(project, Push(), delivery: ""), 400, "webhook-malformed");
    }

    [Theory]
    [InlineData("push", """{"ref":"refs/heads/other","after":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", "the project deploys the branch 'main'")]
    [InlineData("push", """{"ref":"refs/tags/main","after":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", "'refs/tags/main' is not a branch")]
    [InlineData("push", """{"ref":"refs/heads/main","deleted":true,"after":"0000000000000000000000000000000000000000"}""", "the branch was deleted")]
    [InlineData("delete", """{"ref":"main","ref_type":"branch"}""", "a branch or tag was deleted")]
    [InlineData("ping", """{"zen":"Keep it logically awesome."}""", "ping")]
    [InlineData("issues", "{}", "the event 'issues' is not one that deploys")]
    public async Task What_does_not_deploy_is_answered_with_the_reason_and_stores_nothing(string name, string body, string reason)
    {
        var project = await plane.ProjectAsync("shop", "web-1");

        var ignored = (await PostAsync(project, body, name)).ShouldBeOfType<JsonAnswer<DeliveryIgnored>>();

        ignored.StatusCode.ShouldBe(200);
        ignored.Value.Ignored.ShouldBe(reason);
        await ShouldHaveStoredNothingAsync();
    }

    [Fact]
    public async Task A_project_that_does_not_deploy_on_a_push_ignores_it()
    {
        var project = await plane.ProjectAsync("shop", "web-1");
        await plane.Get<ProjectStore>().UpdateAsync("shop", p => p with { AutoDeploy = false }, default);

        (await PostAsync(project, Push())).ShouldBeOfType<JsonAnswer<DeliveryIgnored>>();
    }

    [Fact]
    public async Task A_body_over_25_megabytes_is_refused_before_it_is_read()
    {
        var project = await plane.ProjectAsync("shop", "web-1");
        var context = new DefaultHttpContext();
        context.Request.ContentLength = 25 * 1024 * 1024 + 1;
        context.Request.Body = new UnreadableStream();

        var answer = await plane.Make<WebhookFunction>().ReceiveWebhook(context.Request, "github", project.Id, client, default);

        answer.ShouldBeAssignableTo<IStatusCodeActionResult>()!.StatusCode.ShouldBe(413);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => plane.DisposeAsync().AsTask();

    private static string Push() =>
        $$$"""{"ref":"refs/heads/main","before":"{{{new string('0', 40)}}}","after":"{{{TestData.Commit}}}","deleted":false,"repository":{"id":1,"full_name":"a/b"},"pusher":{"name":"ann","email":"a@b"},"head_commit":{"id":"x","message":"Fix the \"thing\"\n\nBody"},"commits":[]}""";

    private async Task<IActionResult> PostAsync(Project project, string body, string name = "push", string delivery = Delivery, string? signature = null, bool sign = true)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var secret = sign ? (await plane.Get<ProjectStore>().WebhookSecretsAsync(project, default))[0] : "";
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(bytes);
        context.Request.Headers["X-GitHub-Event"] = name;
        context.Request.Headers["X-GitHub-Delivery"] = delivery;
        context.Request.Headers["X-Hub-Signature-256"] = sign
            ? "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), bytes))
            : signature;
        return await plane.Make<WebhookFunction>().ReceiveWebhook(context.Request, "github", project.Id, client, default);
    }

    private async Task ShouldBeProblemAsync(Task<IActionResult> answer, int status, string code)
    {
        var problem = (await answer).ShouldBeOfType<JsonAnswer<ProblemDocument>>();
        problem.StatusCode.ShouldBe(status);
        problem.Value.Code.ShouldBe(code);
        await ShouldHaveStoredNothingAsync();
    }

    private async Task ShouldHaveStoredNothingAsync()
    {
        (await plane.Get<DeploymentStore>().ListAsync("shop", new Paging(10, null), default)).Items.ShouldBeEmpty();
        client.ReceivedCalls().ShouldBeEmpty();
    }

    private sealed class UnreadableStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new ShouldAssertException("The body was read.");
    }
}
