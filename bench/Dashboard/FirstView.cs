using System.Diagnostics;
using Microsoft.Playwright;
using VpsPilot.Testbed.Stack;

namespace VpsPilot.Bench.Dashboard;

/// <summary>A browser that opens the overview, with an empty cache and again.</summary>
internal sealed class FirstView : IAsyncDisposable
{
    /// <summary>Debian's browser.</summary>
    public const string Chromium = "/usr/bin/chromium";

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly ControlPlane plane;

    private FirstView(IPlaywright playwright, IBrowser browser, ControlPlane plane) => (this.playwright, this.browser, this.plane) = (playwright, browser, plane);

    /// <summary>Starts the browser.</summary>
    public static async Task<FirstView> StartAsync(ControlPlane plane)
    {
        var driver = await Playwright.CreateAsync();
        return new(driver, await driver.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] }), plane);
    }

    /// <summary>Time until the link to the last project is there, as one who is signed in: in a window that has nothing cached, and in the same once more.</summary>
    public async Task<(TimeSpan First, TimeSpan Again)> MeasureAsync(string lastProject)
    {
        await using var context = await browser.NewContextAsync(new() { BaseURL = plane.Url.ToString() });
        await context.APIRequest.PostAsync("/api/session", new() { DataObject = new { token = plane.AdminToken }, Headers = new Dictionary<string, string> { ["Origin"] = plane.Url.GetLeftPart(UriPartial.Authority) } });
        var page = await context.NewPageAsync();
        return (await OpenAsync(page, lastProject), await OpenAsync(page, lastProject));
    }

    private static async Task<TimeSpan> OpenAsync(IPage page, string lastProject)
    {
        var clock = Stopwatch.StartNew();
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
        await page.GetByRole(AriaRole.Rowheader, new() { Name = lastProject, Exact = true }).WaitForAsync();
        return clock.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
