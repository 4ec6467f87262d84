using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests.Browser;

/// <summary>A window on the dashboard that remembers every complaint of the browser and every address that was asked.</summary>
internal sealed class DashboardWindow : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly IBrowserContext context;
    private readonly Uri url;

    public DashboardWindow(IBrowserContext context, IPage page, Uri url)
    {
        (this.context, Page, this.url) = (context, page, url);
        page.Console += (_, message) => Complain(message.Type is "error" or "warning", $"console: {message.Text} ({message.Location})");
        page.PageError += (_, error) => Complain(true, $"error: {error}");
        page.Request += (_, request) => Complain(!request.Url.StartsWith(url.ToString(), StringComparison.Ordinal), $"asked another server: {request.Url}");
    }

    public IPage Page { get; }

    /// <summary>Answers that a test means to get, by their status; the browser complains of each.</summary>
    public HashSet<int> Expected { get; } = [];

    /// <summary>Other complaints that a test brings about itself.</summary>
    public List<string> Tolerated { get; } = [];

    /// <summary>What the browser had to complain of.</summary>
    public IReadOnlyList<string> Complaints => [.. complaints];

    public async Task SignInAsync(string token)
    {
        await Page.GotoAsync("/");
        await Page.GetByLabel("Access token").FillAsync(token);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await HeadingAsync("Overview");
    }

    /// <summary>Waits for the page of that heading.</summary>
    public Task HeadingAsync(string text) => Page.GetByRole(AriaRole.Heading, new() { Name = text, Level = 1, Exact = true }).WaitForAsync();

    /// <summary>Opens an address and waits until nothing is being read any more.</summary>
    public async Task GoAsync(string path, string heading)
    {
        await Page.GotoAsync(path);
        await HeadingAsync(heading);
        await SettleAsync();
    }

    /// <summary>Waits until no part of the page is being read.</summary>
    public async Task SettleAsync()
    {
        await Page.WaitForFunctionAsync("() => document.querySelector('.loading') === null && document.querySelector('.live.on') !== null");
        await Page.EvaluateAsync("() => document.fonts.ready.then(() => undefined)");
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>Waits until the overview says this of what serves of a project.</summary>
    public Task ServesAsync(string project, string what) => Assertions.Expect(Page.GetByRole(AriaRole.Row).Filter(new() { Has = Link(project) }).Locator("[data-label=Serves]")).ToHaveTextAsync(what);

    /// <summary>Goes on with the Tab key until the element has the focus.</summary>
    public async Task TabToAsync(ILocator element)
    {
        await element.WaitForAsync();
        for (var i = 0; i < 80; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await element.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{element} is not reached with the keyboard.");
    }

    /// <summary>What the control plane answers to a GET, changed on its way to the page.</summary>
    public Task ChangeAsync(string address, Action<JsonNode> change) => Page.RouteAsync(address, async route =>
    {
        if (route.Request.Method != "GET")
        {
            await route.FallbackAsync();
            return;
        }

        var answer = await route.FetchAsync();
        var body = JsonNode.Parse(await answer.TextAsync())!;
        change(body);
        await route.FulfillAsync(new() { Response = answer, Body = body.ToJsonString() });
    });

    public Task ClickAsync(string button) => Button(button).ClickAsync();

    public Task TextAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    /// <summary>A picture for the documentation, when they are asked for.</summary>
    public async Task PictureAsync(string name)
    {
        if (Repository.Pictures is { } folder)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), Animations = ScreenshotAnimations.Disabled });
        }
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private void Complain(bool isOne, string text)
    {
        if (isOne && !Expected.Any(status => text.Contains($"status of {status}", StringComparison.Ordinal)) && !Tolerated.Any(t => text.Contains(t, StringComparison.Ordinal)))
        {
            complaints.Enqueue(text);
        }
    }
}
