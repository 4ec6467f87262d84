using Microsoft.AspNetCore.Mvc;
using VpsPilot.Contracts;

namespace VpsPilot.Functions.Problems;

/// <summary>The problems that the API answers, one method for each class of them.</summary>
internal static class Answers
{
    public const string ProblemType = "application/problem+json";

    public static IActionResult Ok<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, int status = 200) => new JsonAnswer<T>(value, type, status);

    public static IActionResult Problem(int status, string code, string title, string? detail = null) =>
        Problem(new ProblemDocument { Status = status, Code = code, Title = title, Detail = detail });

    public static IActionResult Problem(ProblemDocument problem) =>
        new JsonAnswer<ProblemDocument>(problem, ApiJson.Default.ProblemDocument, problem.Status, ProblemType);

    public static IActionResult Invalid(IReadOnlyList<Problem> errors) => Problem(new ProblemDocument
    {
        Status = 400,
        Code = "invalid-request",
        Title = errors.Count == 1 ? "The request has a mistake." : $"The request has {errors.Count} mistakes.",
        Detail = string.Join(" ", errors.Select(e => $"{e.Path}: {e.Message}")),
        Errors = errors,
    });

    public static IActionResult NotFound(string what, string id) => Problem(404, what + "-not-found", $"There is no {what} '{id}'.");

    public static IActionResult Conflict(string code, string title, string? detail = null) => Problem(409, code, title, detail);
}
