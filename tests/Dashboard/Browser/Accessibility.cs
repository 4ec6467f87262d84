using System.Text.Json;
using Microsoft.Playwright;
using VpsPilot.Dashboard.Tests.Stack;

namespace VpsPilot.Dashboard.Tests.Browser;

/// <summary>What axe-core finds wrong with a page, and whether it fits a narrow window.</summary>
internal static class Accessibility
{
    private const int Narrow = 360;

    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(Repository.Dashboard, "node_modules/axe-core/axe.min.js")));

    /// <summary>No finding of axe-core in light and in dark, and no scrolling to the side at 360 pixels.</summary>
    public static async Task ShouldBeAccessibleAsync(this DashboardWindow window, string what)
    {
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        (await FindingsAsync(window.Page, "{}")).ShouldBeEmpty(what);

        // Other colours, and nothing else that axe looks at.
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        (await FindingsAsync(window.Page, """{ "runOnly": ["color-contrast"] }""")).ShouldBeEmpty($"{what}, dark");
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });

        var size = window.Page.ViewportSize!;
        await window.Page.SetViewportSizeAsync(Narrow, 740);
        var (width, widest) = await WidthAsync(window.Page);
        width.ShouldBeLessThanOrEqualTo(Narrow, $"{what} is wider than the window: {widest}");
        await window.Page.SetViewportSizeAsync(size.Width, size.Height);
    }

    private static async Task<IReadOnlyList<string>> FindingsAsync(IPage page, string options)
    {
        if (!await page.EvaluateAsync<bool>("() => typeof axe === 'object'"))
        {
            await page.EvaluateAsync(Axe.Value + "\n;undefined");
        }

        var findings = await page.EvaluateAsync<JsonElement>("""
            options => axe.run(document, { resultTypes: ["violations"], ...JSON.parse(options) }).then(r => r.violations.flatMap(v => v.nodes.map(n => `${v.impact} ${v.id}: ${n.target} ${n.failureSummary}`)))
            """, options);
        return [.. findings.EnumerateArray().Select(f => f.GetString()!)];
    }

    private static async Task<(int Width, string? Widest)> WidthAsync(IPage page)
    {
        var found = await page.EvaluateAsync<JsonElement>("""
            () => {
              const limit = document.documentElement.clientWidth;
              const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > limit + 1).map(e => e.outerHTML.slice(0, 160));
              return { width: document.documentElement.scrollWidth, widest: wide[0] ?? null };
            }
            """);
        return (found.GetProperty("width").GetInt32(), found.GetProperty("widest").GetString());
    }
}
