using System.Net;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;
using VpsPilot.Contracts;

namespace VpsPilot.Cli.Api;

/// <summary>A problem as the API answers it (RFC 9457).</summary>
internal sealed record ProblemDocument
{
    public string? Code { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public IReadOnlyList<Problem>? Errors { get; init; }

    /// <summary>The problem as a complaint: what is wrong in one line, and what to do.</summary>
    public Complaint ToComplaint(HttpStatusCode status)
    {
        var code = Code ?? "http-" + (int)status;
        var title = Title ?? $"The control plane answered {(int)status}.";
        var exit = (int)status switch
        {
            401 or 403 => ExitCode.Denied,
            404 => ExitCode.NotFound,
            429 or >= 500 => ExitCode.Unreachable,
            _ => ExitCode.Refused,
        };

        // One mistake is said in the line itself; the detail of several repeats them.
        return Errors switch
        {
            [var only] => new(exit, code, $"{only.Path}: {only.Message}") { Hint = HintFor(code) },
            { Count: > 1 } => new(exit, code, title) { Errors = Errors, Hint = HintFor(code) },
            _ => new(exit, code, title) { Hint = HintFor(code) ?? Detail },
        };
    }

    /// <summary>What to type here; what the API says about it is about HTTP.</summary>
    private static string? HintFor(string code) => code switch
    {
        "unauthorized" => "Log in with: vpspilot login URL",
        "project-not-found" => "See what there is with: vpspilot projects list",
        "node-not-found" => "See what there is with: vpspilot nodes list",
        "deployment-not-found" => "See what there is with: vpspilot deployments",
        "deployment-waits-for-no-approval" => "See where it stands with: vpspilot deployments ID",
        "too-many-failures" => "Wait a few seconds, and check the token with: vpspilot whoami",
        _ => null,
    };
}
