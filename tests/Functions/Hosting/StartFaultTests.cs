using Microsoft.Data.Sqlite;
using VpsPilot.Functions.Hosting;

namespace VpsPilot.Functions.Tests.Hosting;

public sealed class StartFaultTests
{
    [Fact]
    public void A_damaged_database_is_told_in_one_line()
    {
        var fault = new InvalidOperationException("The hub could not be opened.", new SqliteException("file is not a database", 26));

        StartFault.Line(fault).ShouldBe("The control plane cannot start: The hub could not be opened. file is not a database");
    }

    [Fact]
    public void A_folder_that_another_process_has_is_told_in_one_line() =>
        StartFault.Line(new IOException("The folder is in use\nby another process.")).ShouldBe("The control plane cannot start: The folder is in use by another process.");

    [Fact]
    public void Of_a_fault_of_its_own_the_whole_is_wanted() => StartFault.Line(new InvalidOperationException("bug")).ShouldBeNull();
}
