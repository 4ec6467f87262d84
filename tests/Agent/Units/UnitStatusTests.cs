using VpsPilot.Agent.Units;

namespace VpsPilot.Agent.Tests.Units;

public sealed class UnitStatusTests
{
    [Fact]
    public void A_running_unit_tells_its_process()
    {
        var status = UnitStatus.Parse("""
            Id=vpspilot-project-a.service
            LoadState=loaded
            ActiveState=active
            SubState=running
            Result=success
            MainPID=42
            NRestarts=0
            ExecMainCode=0
            ExecMainStatus=0
            """).ShouldHaveSingleItem();
        (status.IsRunning, status.IsDown, status.MainPid, status.Exit).ShouldBe((true, false, 42, null));
    }

    [Theory]
    [InlineData("1", "3", "exited with code 3", 3)]
    [InlineData("2", "9", "was killed by signal 9 (SIGKILL)", null)]
    [InlineData("3", "11", "was killed by signal 11 (SIGSEGV)", null)]
    [InlineData("0", "0", null, null)]
    public void The_end_of_the_last_run_is_told_in_words(string code, string status, string? words, int? exitCode)
    {
        var parsed = UnitStatus.Parse($"Id=x\nActiveState=activating\nSubState=auto-restart\nResult=exit-code\nMainPID=0\nNRestarts=2\nExecMainCode={code}\nExecMainStatus={status}\n").ShouldHaveSingleItem();
        (parsed.Exit, parsed.ExitCode, parsed.IsDown, parsed.IsRunning, parsed.Restarts).ShouldBe((words, exitCode, true, false, 2));
    }

    [Fact]
    public void Several_units_are_told_apart_also_those_that_do_not_exist()
    {
        var all = UnitStatus.Parse("Id=a.service\nActiveState=active\nSubState=running\nMainPID=7\n\nId=b.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\nMainPID=0\n");
        all.Select(s => (s.Unit, s.IsRunning)).ShouldBe([("a.service", true), ("b.service", false)]);
    }
}
