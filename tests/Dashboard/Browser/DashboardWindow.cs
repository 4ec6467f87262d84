using System.Collections.Concurrent;
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
        if (isOne && !Expected.Any(status => text.Contains($"status of {status}", StringComparison.Ordinal)))
        {
            complaints.Enqueue(text);
        }
    }
}
