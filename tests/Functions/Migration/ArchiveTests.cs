using VpsPilot.Functions.Migration.Archives;
using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Tests.Migration;

public sealed class ArchiveTests
{
    private const string Passphrase = "correct horse battery staple";
    private const string Secret = "hunter2-is-the-value";

    private static readonly ArchiveRecord[] Records =
    [
        new ArchiveHead(ArchiveHead.CurrentFormat, "0123456789abcdef0123456789abcdef", "0.1.0", TestPlane.Start),
        new ArchivedDocument("audit", "k", """{"a":"ü ☃","b":[1,2]}"""),
        new ArchivedProject("{}", ["one", "two"]),
        new ArchivedSecret("shop", new SecretInfo { Name = "KEY", Scope = "project", Version = 3, UpdatedAt = TestPlane.Start, UpdatedBy = "ann", Bytes = 20 }, Secret),
        new ArchivedLog("d/n", 0, new byte[200_000]),
    ];

    [Fact]
    public async Task What_was_written_is_read_and_no_value_is_in_the_clear()
    {
        var archive = await WriteAsync(Records);

        var read = await ReadAsync(archive);

        read.Select(r => r.GetType()).ShouldBe(Records.Select(r => r.GetType()));
        read[1].ShouldBe(Records[1]);
        ((ArchivedProject)read[2]).WebhookSecrets.ShouldBe(["one", "two"]);
        read[3].ShouldBe(Records[3]);
        ((ArchivedLog)read[4]).Bytes.ShouldBe(((ArchivedLog)Records[4]).Bytes);
        System.Text.Encoding.Latin1.GetString(archive).ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Two_archives_of_the_same_have_nothing_in_common()
    {
        var (one, other) = (await WriteAsync(Records), await WriteAsync(Records));

        one.AsSpan(12, 16).SequenceEqual(other.AsSpan(12, 16)).ShouldBeFalse();
        one.AsSpan(40, 64).SequenceEqual(other.AsSpan(40, 64)).ShouldBeFalse();
    }

    [Fact]
    public async Task Another_passphrase_opens_nothing() =>
        (await Should.ThrowAsync<ArchiveException>(async () => await ReadAsync(await WriteAsync(Records), "another passphrase!!"))).Message.ShouldContain("passphrase");

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(300)]
    [InlineData(-1)]
    public async Task An_archive_that_is_cut_off_is_known_as_such(int at)
    {
        var archive = await WriteAsync(Records);

        await Should.ThrowAsync<ArchiveException>(() => ReadAsync(archive[..(at < 0 ? archive.Length + at : at)]));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(28)]
    [InlineData(30)]
    [InlineData(100)]
    [InlineData(-5)]
    public async Task A_changed_byte_is_found(int at)
    {
        var archive = await WriteAsync(Records);
        archive[at < 0 ? archive.Length + at : at] ^= 1;

        await Should.ThrowAsync<ArchiveException>(() => ReadAsync(archive));
    }

    [Fact]
    public async Task What_failed_while_it_was_written_is_no_archive()
    {
        using var file = new MemoryStream();
        await Should.ThrowAsync<InvalidOperationException>(() => ArchiveWriter.WriteAsync(file, Passphrase, Failing(), default));

        (await Should.ThrowAsync<ArchiveException>(() => ReadAsync(file.ToArray()))).Message.ShouldContain("cut off");

        static async IAsyncEnumerable<ArchiveRecord> Failing()
        {
            yield return Records[0];
            await Task.Yield();
            throw new InvalidOperationException("the store is away");
        }
    }

    [Fact]
    public async Task A_later_format_says_which_version_wrote_it()
    {
        var archive = await WriteAsync([new ArchiveHead(99, new string('0', 32), "7.0.0", TestPlane.Start)]);

        (await Should.ThrowAsync<ArchiveException>(() => ReadAsync(archive))).Message.ShouldContain("7.0.0");
    }

    [Fact]
    public async Task Records_out_of_order_are_refused()
    {
        await Should.ThrowAsync<ArchiveException>(async () => await ReadAsync(await WriteAsync([Records[1], Records[0]])));
        await Should.ThrowAsync<ArchiveException>(async () => await ReadAsync(await WriteAsync([Records[0], Records[0]])));
        await Should.ThrowAsync<ArchiveException>(async () => await ReadAsync(await WriteAsync([Records[0], new ArchiveEnd(1), Records[1]])));
    }

    private static async Task<byte[]> WriteAsync(IEnumerable<ArchiveRecord> records)
    {
        using var file = new MemoryStream();
        await ArchiveWriter.WriteAsync(file, Passphrase, records.ToAsyncEnumerable(), default);
        return file.ToArray();
    }

    private static async Task<IReadOnlyList<ArchiveRecord>> ReadAsync(byte[] archive, string passphrase = Passphrase)
    {
        using var file = new MemoryStream(archive);
        return await ArchiveReader.ReadAsync(file, passphrase, default).ToListAsync();
    }
}
