using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VpsPilot.Functions.Projects;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Webhooks;
using VpsPilot.Functions.Webhooks.Providers;
using VpsPilot.Testing;

namespace VpsPilot.Functions.Tests.Fuzz;

/// <summary>Deliveries of every provider, of any shape: each is read, or is not the JSON that was expected; nothing else comes of it.</summary>
public sealed class ProviderFuzzTests
{
    private const string A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static readonly Project Shop = new()
    {
        Id = "shop",
        Repository = "/srv/git/app.git",
        Branch = "main",
        Nodes = ["web-1"],
        Provider = "github",
        AutoDeploy = true,
        Environment = "production",
        Paths = ["src/**"],
        Tags = ["v*"],
        WebhookSecret = new EncryptedValue([], []),
        CreatedAt = TestPlane.Start,
    };

    [Theory]
    [InlineData("github", "X-GitHub-Event", "push", $$$"""{"ref":"refs/heads/main","before":"{{{A}}}","after":"{{{A}}}","deleted":false,"pusher":{"name":"ann"},"head_commit":{"id":"{{{A}}}","message":"m"},"commits":[{"added":["a"],"removed":[],"modified":["b"]}]}""")]
    [InlineData("gitlab", "X-Gitlab-Event", "Push Hook", $$$"""{"object_kind":"push","ref":"refs/heads/main","before":"{{{A}}}","after":"{{{A}}}","checkout_sha":"{{{A}}}","user_name":"Ann","commits":[{"id":"{{{A}}}","message":"m","added":["a"],"modified":[],"removed":[]}],"total_commits_count":1}""")]
    [InlineData("gitea", "X-Gitea-Event", "push", $$$"""{"ref":"refs/heads/main","before":"{{{A}}}","after":"{{{A}}}","commits":[{"id":"{{{A}}}","message":"m","added":["a"],"removed":null,"modified":[]}],"total_commits":1,"head_commit":{"id":"{{{A}}}","message":"m"},"pusher":{"login":"ann","username":"ann"}}""")]
    [InlineData("bitbucket", "X-Event-Key", "repo:push", $$$$$"""{"push":{"changes":[{"old":null,"new":{"type":"branch","name":"main","target":{"hash":"{{{{{A}}}}}","message":"m"}}},{"old":{"type":"branch","name":"old","target":{"hash":"{{{{{A}}}}}"}},"new":null}]},"actor":{"display_name":"Ann","nickname":"ann"}}""")]
    [InlineData("generic", "X-VpsPilot-Timestamp", "1", $$"""{"branch":"main","commit":"{{A}}","message":"m","by":"ci"}""")]
    public void Deliveries_of_any_shape_are_read_or_are_no_JSON_that_was_expected(string name, string header, string value, string body)
    {
        var provider = new WebhookProviders(TimeProvider.System).Find(name)!;
        var headers = new HeaderDictionary { [header] = value, ["X-GitHub-Delivery"] = "d", ["X-Gitea-Delivery"] = "d", ["X-Request-UUID"] = "d" };
        var read = 0;
        Fuzzing.Feed("webhook of " + name, Fuzzing.Near(body), bytes =>
        {
            try
            {
                foreach (var push in provider.Read(headers, bytes).Pushes)
                {
                    _ = PushFilter.Reason(push, Shop, isAsked: true) ?? PushFilter.Mistake(push);
                }

                read++;
            }
            catch (JsonException)
            {
                // That is answered with 400.
            }
        }, Fuzzing.Inputs());
        read.ShouldBeGreaterThan(0);
    }
}
