using System.Text.Json;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Functions.Deployments.Events;

/// <summary>Cuts what a node reports to sizes that fit a document and an orchestration's history, whatever the node sends; lists may have nulls in them.</summary>
internal static class Bounds
{
    private const int Line = 2_000;
    private const int Tail = 8 * 1024;
    private const int Problems = 50;
    private const int Word = 300;
    private const int Items = 100;

    /// <summary>Of a document, for what a node serves.</summary>
    private const int ServingBytes = 40 * 1024;
    private const long LongestStage = 30L * 24 * 3600 * 1000;

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static CommandResult Bounded(this CommandResult result) => result with
    {
        Failure = result.Failure?.Bounded(),
        Built = result.Built is { } built ? built with { Commit = Text(built.Commit, Word), StorePath = Text(built.StorePath, Word), Subject = Cut(built.Subject, Word), Tree = built.Tree?.Bounded() } : null,
        Serving = result.Serving is { } serving
            ? serving with { ReleaseId = Text(serving.ReleaseId, Word), Commit = Text(serving.Commit, Word), StorePath = Text(serving.StorePath, Word), UnitState = Cut(serving.UnitState, Word) }
            : null,
        Findings = result.Findings?.OfType<Finding>().Take(Items).Select(f => f with { Check = Text(f.Check, Word), Message = Text(f.Message, Line), Remedy = Cut(f.Remedy, Line) }).ToList(),
        Units = result.Units?.OfType<ProjectUnit>().Take(Items).Select(u => u with { Unit = Text(u.Unit, Word), Process = Text(u.Process, Word), Slot = Cut(u.Slot, Word), State = Text(u.State, Word), ReleaseId = Cut(u.ReleaseId, Word) }).ToList(),
        Backups = result.Backups?.OfType<BackupArchive>().Take(Items).Select(b => b.Bounded()).ToList(),
    };

    /// <summary>A heartbeat that fits; of a node with very many projects the last ones are not in it.</summary>
    public static Heartbeat Bounded(this Heartbeat heartbeat)
    {
        var left = ServingBytes;
        return heartbeat with
        {
            AgentVersion = Text(heartbeat.AgentVersion, Word),
            Facts = heartbeat.Facts with
            {
                HostName = Text(heartbeat.Facts.HostName, Word),
                System = Text(heartbeat.Facts.System, Word),
                OperatingSystem = Cut(heartbeat.Facts.OperatingSystem, Word),
                NixVersion = Cut(heartbeat.Facts.NixVersion, Word),
                Load1 = double.IsFinite(heartbeat.Facts.Load1) ? heartbeat.Facts.Load1 : 0,
            },
            Serving = heartbeat.Serving.Where(s => s.Value is not null).OrderBy(s => s.Key, StringComparer.Ordinal)
                .TakeWhile(s => s.Key.Length <= Word && (left -= JsonSerializer.SerializeToUtf8Bytes(s.Value, ContractsJson.Default.ServingRelease).Length + s.Key.Length + 4) >= 0)
                .ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal),
        };
    }

    private static SharedTree Bounded(this SharedTree tree) => tree with { NodeId = Text(tree.NodeId, Word), Sha256 = Text(tree.Sha256, Word) };

    public static BackupArchive Bounded(this BackupArchive archive) =>
        archive with { Id = Text(archive.Id, Word), ReleaseId = Text(archive.ReleaseId, Word), Commit = Text(archive.Commit, Word), Sha256 = Text(archive.Sha256, Word) };

    public static StageProgress Bounded(this StageProgress progress) => progress with
    {
        Detail = Cut(progress.Detail, Line),
        DurationMilliseconds = progress.DurationMilliseconds is { } duration ? Math.Clamp(duration, 0, LongestStage) : null,
    };

    /// <summary>A time that can be reckoned with, whatever a node's clock says.</summary>
    public static DateTimeOffset Time(DateTimeOffset at) => at < Earliest ? Earliest : at > Latest ? Latest : at;

    public static Alert Bounded(this Alert alert) => alert with { Code = Text(alert.Code, Word), Message = Text(alert.Message, Line) };

    /// <summary>An id that is the sender's text.</summary>
    public static string Id(string id) => Text(id, Word);

    /// <summary>Names of stages become part of keys.</summary>
    public static bool IsStage(string stage) => stage.Length is > 0 and <= 40 && stage.All(c => char.IsAsciiLetterLower(c) || c == '-');

    private static Failure Bounded(this Failure failure) => failure with
    {
        Step = Text(failure.Step, Word),
        Message = Text(failure.Message, Line),
        Hint = Cut(failure.Hint, Line),
        StderrTail = failure.StderrTail is { Length: > Tail } tail ? tail[^Tail..] : failure.StderrTail,
        Problems = [.. failure.Problems.OfType<Problem>().Take(Problems).Select(p => p with { Path = Text(p.Path, Word), Message = Text(p.Message, Word) })],
    };

    /// <summary>A text that must be there: a node that leaves it out has said nothing.</summary>
    private static string Text(string? text, int length) => Cut(text, length) ?? "";

    private static string? Cut(string? text, int length) => text is null || text.Length <= length ? text : text[..(length - 1)] + "…";
}
