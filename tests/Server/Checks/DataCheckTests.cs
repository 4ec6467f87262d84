using VpsPilot.Server.Checks;

namespace VpsPilot.Server.Tests.Checks;

public sealed class DataCheckTests : IDisposable
{
    private readonly SmallData small = new();

    [Fact]
    public void Whole_databases_of_a_known_schema_pass() => Should.NotThrow(() => DataCheck.Run(small.Data, Schemas.Known));

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once()
    {
        small.Do("VpsPilot.db", "PRAGMA user_version = 7");
        File.WriteAllText(small.Data.PathOf("queues.db"), "this is no database, and it is longer than the header of one would be, which has a hundred bytes");

        var message = Should.Throw<RefusedException>(() => DataCheck.Run(small.Data, Schemas.Known)).Message;

        message.ShouldContain("VpsPilot.db has schema 7; the program knows 1");
        message.ShouldContain("queues.db cannot be read");
    }

    [Fact]
    public void A_program_that_knows_less_is_told_before_it_is_installed()
    {
        small.Do("state.db", "PRAGMA user_version = 2");

        Should.Throw<RefusedException>(() => DataCheck.Run(small.Data, Schemas.Parse("VpsPilot.db=1 queues.db=1 state.db=1"))).Message.ShouldContain("state.db has schema 2; the program knows 1");
        Should.NotThrow(() => DataCheck.Run(small.Data, Schemas.Parse("VpsPilot.db=1 queues.db=1 state.db=2")));
    }

    [Theory]
    [InlineData("state.db")]
    [InlineData("state.db=x")]
    [InlineData("state.db=1=2")]
    public void A_list_of_schemas_that_is_none_is_refused(string text) => Should.Throw<RefusedException>(() => Schemas.Parse(text)).Message.ShouldContain("FILE=N");

    [Fact]
    public void A_folder_without_data_is_said_to_be_one() => Should.Throw<RefusedException>(() => DataCheck.Run(new DataFolder(small["nothing"]), Schemas.Known)).Message.ShouldContain("has no data");

    public void Dispose() => small.Dispose();
}
