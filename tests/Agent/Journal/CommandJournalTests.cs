using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VpsPilot.Agent.Journal;
using VpsPilot.Contracts;
using VpsPilot.Contracts.Commands;
using VpsPilot.Contracts.Events;

namespace VpsPilot.Agent.Tests.Journal;

public sealed class CommandJournalTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly CommandResult Good = new() { Outcome = CommandOutcome.Succeeded };
    private static readonly CommandResult Bad = new() { Outcome = CommandOutcome.Failed, Failure = new Failure("test", FailureKind.Exit, "npm test exited with code 1") { ExitCode = 1 } };

    [Fact]
    public void A_command_is_new_once_and_survives_a_restart()
    {
        Open().Accept(Command("a")).IsNew.ShouldBeTrue();
        Open().Accept(Command("a")).IsNew.ShouldBeFalse();
        var entry = Open().Unfinished().ShouldHaveSingleItem();
        entry.Command.ShouldBe(Command("a"));
        entry.Result.ShouldBeNull();
    }

    [Fact]
    public void The_first_answer_stands_and_is_given_again()
    {
        var journal = Open();
        journal.Accept(Command("a"));
        journal.Complete("a", Bad);
        journal.Complete("a", Good);
        Open().Accept(Command("a")).Entry.Result.ShouldNotBeNull().Failure.ShouldNotBeNull().Message.ShouldBe(Bad.Failure!.Message);
    }

    [Fact]
    public void An_answer_is_unfinished_until_it_is_reported()
    {
        var journal = Open();
        journal.Accept(Command("a"));
        journal.Complete("a", Good);
        Open().Unfinished().ShouldHaveSingleItem().Result.ShouldBe(Good);
        journal.MarkReported("a");
        Open().Unfinished().ShouldBeEmpty();
    }

    [Fact]
    public void A_cancel_that_was_asked_for_is_remembered_but_changes_no_answer()
    {
        var journal = Open();
        journal.Accept(Command("a"));
        journal.Accept(Command("b"));
        journal.Complete("b", Good);
        journal.RequestCancel("a");
        journal.RequestCancel("b");
        journal.RequestCancel("unknown");
        Open().Find("a").ShouldNotBeNull().CancelRequested.ShouldBeTrue();
        Open().Find("b").ShouldNotBeNull().CancelRequested.ShouldBeFalse();
    }

    [Fact]
    public void Unfinished_commands_come_in_the_order_they_came()
    {
        foreach (var id in new[] { "c", "a", "b" })
        {
            Open().Accept(Command(id));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Open().Unfinished().Select(e => e.Command.CommandId).ShouldBe(["c", "a", "b"]);
    }

    [Fact]
    public void What_a_power_loss_left_half_written_is_not_taken_for_an_entry()
    {
        Open().Accept(Command("a"));
        File.WriteAllText(folder["b.json.0123.tmp"], """{"command":{"comma""");
        Open().Unfinished().ShouldHaveSingleItem().Command.CommandId.ShouldBe("a");
        Directory.GetFiles(folder.Path, "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public void A_damaged_entry_is_put_aside_and_the_others_go_on()
    {
        Open().Accept(Command("a"));
        File.WriteAllText(folder["x.json"], "{");
        Open().Unfinished().ShouldHaveSingleItem().Command.CommandId.ShouldBe("a");
        File.Exists(folder["x.json.damaged"]).ShouldBeTrue();
        Open().Accept(Command("x")).IsNew.ShouldBeTrue();
    }

    [Fact]
    public void Only_what_is_reported_old_and_expired_is_forgotten()
    {
        var journal = Open();
        foreach (var id in new[] { "reported", "unreported", "open" })
            journal.Accept(Command(id));
        journal.Accept(Command("long-lived") with { ExpiresAt = time.GetUtcNow().AddDays(30) });
        foreach (var id in new[] { "reported", "unreported", "long-lived" })
            journal.Complete(id, Good);
        journal.MarkReported("reported");
        journal.MarkReported("long-lived");
        time.Advance(TimeSpan.FromDays(8));
        journal.Prune();
        new[] { "reported", "unreported", "open", "long-lived" }.Where(id => journal.Find(id) is not null).ShouldBe(["unreported", "open", "long-lived"]);
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void An_id_that_is_no_file_name_is_refused(string id)
    {
        CommandJournal.IsValidId(id).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Open().Accept(Command(id)));
    }

    public void Dispose() => folder.Dispose();

    private CommandJournal Open() => new(folder.Path, time, NullLogger<CommandJournal>.Instance);

    private CommandEnvelope Command(string id) => new()
    {
        CommandId = id,
        NodeId = "n1",
        IssuedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        ExpiresAt = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero),
        Body = new InspectCommand(),
    };
}
