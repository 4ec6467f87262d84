using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Browser;
using VpsPilot.Dashboard.Tests.Stack;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Dashboard.Tests;

/// <summary>What an owner does in the dashboard, step by step.</summary>
internal sealed class Journey(JourneyFixture fixture, DashboardWindow window)
{
    public const string Node = "web-1";
    public const string Project = "shop";

    private static readonly float Deploys = (float)TimeSpan.FromMinutes(2).TotalMilliseconds;

    private IPage Page => window.Page;

    /// <summary>The wizard gives one command; run on the server, it turns the light green.</summary>
    public async Task AddNodeAsync()
    {
        await window.Link("Add a node").ClickAsync();
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(Node);
        await Page.GetByLabel("Labels").FillAsync("region=eu");
        await window.ClickAsync("Go on");
        var command = (await Page.GetByLabel("Install command").TextContentAsync())!;
        await window.TextAsync($"Waiting for the agent of {Node} to report.");
        await window.PictureAsync("add-a-node");

        await NodeInstaller.InstallAsync(fixture.Vps, command);

        await window.TextAsync($"The agent of {Node} reports");
        await window.ShouldBeAccessibleAsync("the wizard at its end");
    }

    /// <summary>Makes the project, and installs its webhook as a person does: by what the page shows.</summary>
    public async Task<AppRepository> CreateProjectAsync()
    {
        var app = await AppRepository.CreateAsync(fixture.Repositories, Project, Path.Combine(Repository.Root, "samples/nodejs"));
        await app.EditAsync("config.vpspilot.json", "\"10s\"", "\"2s\"");
        await app.EditAsync("config.vpspilot.json", "\"type\": \"nodejs\",", "\"type\": \"nodejs\",\n  \"env\": { \"GREETING\": \"{{GREETING}}\" },");
        await app.EditAsync("server.js", "const port", "if (process.env.GREETING !== 'hello') { throw new Error('no greeting'); }\nconst port");

        await window.Link("Overview").ClickAsync();
        await window.Link("New project").ClickAsync();
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync(Project);
        await Page.GetByLabel("Repository").FillAsync(fixture.Git.UrlOf(Project));
        await Page.GetByLabel(Node, new() { Exact = true }).CheckAsync();
        await window.ClickAsync("Make the project");
        var url = (await Page.GetByLabel("Payload URL").TextContentAsync())!;
        var secret = (await Page.GetByLabel("Secret", new() { Exact = true }).TextContentAsync())!;
        await window.TextAsync("Waiting for the first delivery.");
        await app.InstallHookAsync(Project, new Uri(url), secret);
        await window.Link("To the project").ClickAsync();
        return app;
    }

    public async Task SetSecretAsync()
    {
        await window.Link("Environment").ClickAsync();
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("GREETING");
        await Page.GetByLabel("Value", new() { Exact = true }).FillAsync("hello");
        await window.ClickAsync("Save");
        await window.TextAsync("GREETING is set.");
    }

    /// <summary>Pushes, and watches the timeline take it up without a reload. Ends on the page of the deployment.</summary>
    public async Task PushAsync(AppRepository app, string message)
    {
        await window.Link("Deployments").ClickAsync();
        await app.PushAsync(message);
        await Page.GetByRole(AriaRole.Link, new() { Name = message, Exact = true }).ClickAsync();
        await window.HeadingAsync(message);
    }

    /// <summary>Waits until the page shows the end of the deployment.</summary>
    public Task EndAsync(string status) => Assertions.Expect(Page.Locator(".head [role=status]").First).ToContainTextAsync(status, new() { Timeout = Deploys });

    public Task ToProjectAsync() => Page.Locator(".trail a").ClickAsync();

    /// <summary>Goes back to a release by its commit.</summary>
    public async Task RollBackAsync(string commit)
    {
        await window.Link("Releases").ClickAsync();
        await Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = commit[..8] }).GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await window.HeadingAsync("Rollback");
    }

    public async Task CancelAsync()
    {
        await window.ClickAsync("Cancel deployment");
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel deployment" }).ClickAsync();
    }
}
