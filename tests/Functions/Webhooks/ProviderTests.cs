using VpsPilot.Functions.Deployments;
using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Tests.Webhooks;

/// <summary>What each provider sends besides GitHub, in its own words.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private const string A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string Zeros = "0000000000000000000000000000000000000000";

    private readonly WebhookRig rig = new();

    [Fact]
    public async Task GitLab_sends_its_token_and_a_tag_object_beside_the_commit()
    {
        await rig.ProjectAsync("gitlab", p => p with { Tags = ["v*"] });

        var push = await rig.DeploymentAsync(rig.GitLabAsync(GitLab()));
        var tag = await rig.DeploymentAsync(rig.GitLabAsync($$"""{"object_kind":"tag_push","ref":"refs/tags/v1","before":"{{Zeros}}","after":"{{A}}","checkout_sha":"{{B}}","user_username":"ann","commits":[],"total_commits_count":0}""", "Tag Push Hook"));

        push.ShouldSatisfyAllConditions(d => d.Commit.ShouldBe(B), d => d.Branch.ShouldBe("main"), d => d.RequestedBy.ShouldBe("ann"), d => d.Subject.ShouldBe("Second"));
        tag.ShouldSatisfyAllConditions(d => d.Commit.ShouldBe(B), d => d.Branch.ShouldBe("refs/tags/v1"));
        await WebhookRig.ShouldBeProblemAsync(rig.GitLabAsync(GitLab(), token: "wrong"), 401, "webhook-signature");
        (await WebhookRig.ReasonAsync(rig.GitLabAsync($$"""{"ref":"refs/heads/main","before":"{{A}}","after":"{{Zeros}}","checkout_sha":null}"""))).ShouldBe("the branch was deleted");
        (await WebhookRig.ReasonAsync(rig.GitLabAsync("{}", "Issue Hook"))).ShouldContain("Issue Hook");
    }

    [Theory]
    [InlineData("Gitea")]
    [InlineData("Forgejo")]
    public async Task Gitea_and_Forgejo_sign_in_bare_hex(string product)
    {
        await rig.ProjectAsync(product.ToLowerInvariant());

        var push = await rig.DeploymentAsync(rig.GiteaAsync(Gitea(A, B), header: product));

        push.ShouldSatisfyAllConditions(d => d.Commit.ShouldBe(B), d => d.RequestedBy.ShouldBe("ann"), d => d.Subject.ShouldBe("Second"));
        (await WebhookRig.ReasonAsync(rig.GiteaAsync(Gitea(A, Zeros), header: product))).ShouldBe("the branch was deleted");
        await WebhookRig.ShouldBeProblemAsync(rig.PostAsync(product.ToLowerInvariant(), Gitea(A, B), ($"X-{product}-Event", "push"), ($"X-{product}-Signature", rig.Hmac("other"))), 401, "webhook-signature");
    }

    [Fact]
    public async Task Bitbucket_tells_of_several_refs_at_once_and_the_last_that_counts_is_deployed()
    {
        await rig.ProjectAsync("bitbucket");
        const string Body = $$$$$"""{"push":{"changes":[{"old":null,"new":{"type":"branch","name":"main","target":{"hash":"{{{{{A}}}}}","message":"First\n"}}},{"old":{"type":"branch","name":"main","target":{"hash":"{{{{{A}}}}}"}},"new":{"type":"branch","name":"main","target":{"hash":"{{{{{B}}}}}","message":"Second\n"}}},{"old":{"type":"branch","name":"old","target":{"hash":"{{{{{A}}}}}"}},"new":null}]},"actor":{"display_name":"Ann A","nickname":"ann"}}""";

        var push = await rig.DeploymentAsync(rig.BitbucketAsync(Body));

        push.ShouldSatisfyAllConditions(d => d.Commit.ShouldBe(B), d => d.Subject.ShouldBe("Second"), d => d.RequestedBy.ShouldBe("ann"));
        await WebhookRig.ShouldBeProblemAsync(rig.PostAsync("bitbucket", Body, ("X-Event-Key", "repo:push"), ("X-Request-UUID", "1")), 401, "webhook-signature");
        (await WebhookRig.ReasonAsync(rig.BitbucketAsync("""{"push":{"changes":[{"old":{"type":"branch","name":"main"},"new":null}]}}"""))).ShouldBe("the branch was deleted");
        await WebhookRig.ShouldBeProblemAsync(rig.BitbucketAsync("{}"), 400, "webhook-malformed");
    }

    [Fact]
    public async Task A_generic_delivery_is_signed_with_its_time_and_deploys_whenever_it_is_asked_to()
    {
        await rig.ProjectAsync("gitlab", p => p with { AutoDeploy = false });
        const string Body = $$"""{"branch":"main","commit":"{{A}}","message":"Built","by":"ci"}""";
        var now = rig.Plane.Time.GetUtcNow();

        var first = await rig.DeploymentAsync(rig.GenericAsync(Body));
        var replayed = await rig.DeploymentAsync(rig.GenericAsync(Body));
        var again = await rig.DeploymentAsync(rig.GenericAsync(Body, now.AddSeconds(1)));

        first.ShouldSatisfyAllConditions(d => d.Commit.ShouldBe(A), d => d.RequestedBy.ShouldBe("ci"), d => d.Trigger.ShouldBe(DeploymentTrigger.Webhook));
        replayed.Id.ShouldBe(first.Id);
        again.Id.ShouldNotBe(first.Id);
        foreach (var at in (DateTimeOffset[])[now.AddMinutes(-6), now.AddMinutes(6), DateTimeOffset.MaxValue])
        {
            await WebhookRig.ShouldBeProblemAsync(rig.GenericAsync(Body, at), 401, "webhook-signature");
        }

        await WebhookRig.ShouldBeProblemAsync(rig.GenericAsync($$"""{"commit":"{{A}}"}"""), 400, "webhook-malformed");
        await WebhookRig.ShouldBeProblemAsync(rig.GenericAsync("""{"branch":"main"}"""), 400, "webhook-malformed");
        (await WebhookRig.ReasonAsync(rig.GenericAsync($$"""{"branch":"other","commit":"{{A}}"}"""))).ShouldBe("the project deploys the branch 'main'");
    }

    [Fact]
    public async Task A_redelivery_under_a_new_id_changes_nothing_and_a_real_move_there_and_back_deploys()
    {
        await rig.ProjectAsync("gitea");
        var first = await rig.DeploymentAsync(rig.GiteaAsync(Gitea(A, B), "d-1"));
        rig.Plane.Time.Advance(TimeSpan.FromSeconds(5));

        (await rig.DeploymentAsync(rig.GiteaAsync(Gitea(A, B), "d-2"))).Id.ShouldBe(first.Id);
        var back = await rig.DeploymentAsync(rig.GiteaAsync(Gitea(B, A), "d-3"));
        rig.Plane.Time.Advance(TimeSpan.FromSeconds(5));
        var again = await rig.DeploymentAsync(rig.GiteaAsync(Gitea(A, B), "d-4"));
        (await rig.DeploymentAsync(rig.GiteaAsync(Gitea(B, A), "d-5"))).Id.ShouldNotBe(again.Id);

        back.Commit.ShouldBe(A);
        again.Commit.ShouldBe(B);
        again.Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task A_project_takes_only_its_own_provider_and_generic_deliveries()
    {
        await rig.ProjectAsync("gitea");

        await WebhookRig.ShouldBeProblemAsync(rig.GitHubAsync("{}"), 404, "project-not-found");
        await WebhookRig.ShouldBeProblemAsync(rig.PostAsync("svn", "{}"), 404, "project-not-found");
    }

    [Fact]
    public async Task After_a_rotation_the_earlier_secret_counts_until_its_time_is_over()
    {
        await rig.ProjectAsync("gitlab");
        var old = rig.Secret;
        var store = rig.Plane.Get<ProjectStore>();
        var anew = await store.NewWebhookSecretAsync("shop", default);
        await store.UpdateAsync("shop", p => p with { WebhookSecret = anew.Stored, PreviousWebhookSecret = p.WebhookSecret, PreviousWebhookSecretUntil = rig.Plane.Time.GetUtcNow().AddHours(1) }, default);

        await rig.DeploymentAsync(rig.GitLabAsync(GitLab(), token: old));
        await rig.DeploymentAsync(rig.GitLabAsync(GitLab()));
        rig.Plane.Time.Advance(TimeSpan.FromHours(1));

        await WebhookRig.ShouldBeProblemAsync(rig.GitLabAsync(GitLab(), token: old), 401, "webhook-signature");
        await rig.DeploymentAsync(rig.GitLabAsync(GitLab()));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => rig.DisposeAsync().AsTask();

    private static string GitLab() =>
        $$$"""{"object_kind":"push","ref":"refs/heads/main","before":"{{{A}}}","after":"{{{B}}}","checkout_sha":"{{{B}}}","user_name":"Ann","user_username":"ann","commits":[{"id":"{{{A}}}","message":"First"},{"id":"{{{B}}}","message":"Second\n\nMore","added":["a"],"modified":[],"removed":[]}],"total_commits_count":2}""";

    private static string Gitea(string before, string after) =>
        $$$"""{"ref":"refs/heads/main","before":"{{{before}}}","after":"{{{after}}}","commits":[{"id":"{{{after}}}","message":"Second","added":["a"],"removed":null,"modified":[]}],"total_commits":1,"head_commit":{"id":"{{{after}}}","message":"Second"},"pusher":{"login":"ann","username":"ann"}}""";
}
