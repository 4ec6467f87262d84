using System.Text.Json;
using Microsoft.Extensions.Logging;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Journal;

/// <summary>
/// The inbox and outbox on disk: one file per command, replaced in one step. A command is durable before its message is settled, and an
/// answer is kept until it is reported and for some days after, so that a repeated delivery gets the same one.
/// </summary>
internal sealed partial class CommandJournal(string directory, TimeProvider time, ILogger<CommandJournal> logger)
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    private readonly Lock gate = new();

    /// <summary>Can an entry have this name? Letters, digits, dots, dashes and underscores, at most 200.</summary>
    public static bool IsValidId(string commandId) =>
        commandId.Length is > 0 and <= 200 && char.IsAsciiLetterOrDigit(commandId[0]) && commandId.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Takes a command. When this returns it is durable.</summary>
    /// <returns>The entry as it stands, and whether the command was new.</returns>
    public (JournalEntry Entry, bool IsNew) Accept(CommandEnvelope command)
    {
        lock (gate)
        {
            if (Read(FileOf(command.CommandId)) is { } known)
                return (known, false);
            return (Write(new() { Command = command, ReceivedAt = time.GetUtcNow() }), true);
        }
    }

    public JournalEntry? Find(string commandId)
    {
        lock (gate)
            return Read(FileOf(commandId));
    }

    public void RequestCancel(string commandId)
    {
        lock (gate)
        {
            if (Read(FileOf(commandId)) is { Result: null } entry)
                Write(entry with { CancelRequested = true });
        }
    }

    /// <summary>Keeps the answer. The first one stands.</summary>
    public void Complete(string commandId, CommandResult result)
    {
        lock (gate)
        {
            if (Read(FileOf(commandId)) is { Result: null } entry)
                Write(entry with { Result = result, FinishedAt = time.GetUtcNow() });
        }
    }

    public void MarkReported(string commandId)
    {
        lock (gate)
        {
            if (Read(FileOf(commandId)) is { Reported: false } entry)
                Write(entry with { Reported = true });
        }
    }

    /// <summary>What a restart has to go on with, oldest first: commands without an answer, and answers that are not reported.</summary>
    public IReadOnlyList<JournalEntry> Unfinished()
    {
        lock (gate)
        {
            foreach (var left in Directory.EnumerateFiles(directory, "*.tmp"))
                File.Delete(left);
            return [.. Entries().Where(e => !e.Reported).OrderBy(e => e.ReceivedAt)];
        }
    }

    /// <summary>Forgets what was reported long ago and can no longer be delivered.</summary>
    public void Prune()
    {
        lock (gate)
        {
            var limit = time.GetUtcNow() - Retention;
            foreach (var old in Entries().Where(e => e is { Reported: true } && e.FinishedAt < limit && e.Command.ExpiresAt < limit).ToList())
                File.Delete(FileOf(old.Command.CommandId));
        }
    }

    private IEnumerable<JournalEntry> Entries() => Directory.EnumerateFiles(directory, "*.json").Select(Read).OfType<JournalEntry>();

    private JournalEntry Write(JournalEntry entry)
    {
        DurableFile.Write(FileOf(entry.Command.CommandId), JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));
        return entry;
    }

    private JournalEntry? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), JournalJson.Default.JournalEntry);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            // Writes are whole or absent, so this is a damaged disk. The entry is put aside for a person; its command counts as unknown.
            LogDamaged(logger, file, e.Message);
            File.Move(file, file + ".damaged", overwrite: true);
            return null;
        }
    }

    private string FileOf(string commandId) =>
        IsValidId(commandId) ? Path.Combine(directory, commandId + ".json") : throw new ArgumentException("The command id cannot be a file name.", nameof(commandId));

    [LoggerMessage(EventId = 5100, Level = LogLevel.Error, Message = "The journal entry {File} is damaged and was put aside: {Reason}")]
    private static partial void LogDamaged(ILogger logger, string file, string reason);
}
