using VpsPilot.Functions.Projects;

namespace VpsPilot.Functions.Webhooks.Providers;

/// <summary>Every provider by its name.</summary>
internal sealed class WebhookProviders(TimeProvider time)
{
    /// <summary>Names that a project's <c>provider</c> may have.</summary>
    public static readonly string[] Names = ["github", "gitlab", "gitea", "forgejo", "bitbucket", "generic"];

    private readonly GenericWebhook generic = new(time);
    private readonly IWebhookProvider[] others = [new GitHubWebhook(), new GitLabWebhook(), new GiteaWebhook("gitea", "Gitea"), new GiteaWebhook("forgejo", "Forgejo"), new BitbucketWebhook()];

    public IWebhookProvider? Find(string name) => name == generic.Name ? generic : Array.Find(others, p => p.Name == name);

    /// <summary>A project takes deliveries of its own provider, and always the generic ones, which its CI sends.</summary>
    public bool MaySend(IWebhookProvider provider, Project project) => provider == generic || provider.Name == project.Provider;
}
