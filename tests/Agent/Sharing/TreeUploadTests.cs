using Microsoft.Extensions.Time.Testing;
using VpsPilot.Agent.Sharing;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Tests.Sharing;

public sealed class TreeUploadTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly TempFolder folder = new();
    private readonly TreePlane plane = new();
    private readonly byte[] archive = new byte[TreeUpload.MaxChunk * 2 + 100];

    public TreeUploadTests()
    {
        new Random(1).NextBytes(archive);
        File.WriteAllBytes(folder["tree"], archive);
    }

    [Fact]
    public async Task It_goes_in_chunks_with_its_length_under_its_checksum()
    {
        (await SendAsync()).ShouldBeNull();

        plane.Shelf.Stored.ShouldBe(archive);
        var path = $"PUT /api/agent/deployments/d1/trees/{TreePlane.TreeOf(archive).Sha256}";
        plane.Requests.ShouldBe([$"{path}?offset=0&length={archive.Length}", $"{path}?offset=1048576&length={archive.Length}", $"{path}?offset=2097152&length={archive.Length}"]);
    }

    [Fact]
    public async Task What_is_there_already_is_not_sent_again()
    {
        plane.Shelf.Stored = archive[..(TreeUpload.MaxChunk + 7)];

        (await SendAsync()).ShouldBeNull();

        plane.Shelf.Stored.ShouldBe(archive);
        plane.Requests.Count.ShouldBe(3);
        plane.Requests[1].ShouldContain("offset=1048583");
    }

    [Fact]
    public async Task A_control_plane_that_fails_for_a_while_gets_everything_later()
    {
        var failures = 2;
        plane.Instead = () => failures-- > 0 ? (503, "") : null;

        (await SendAsync()).ShouldBeNull();

        plane.Shelf.Stored.ShouldBe(archive);
    }

    [Fact]
    public async Task A_control_plane_that_refuses_is_asked_once_and_its_words_are_told()
    {
        plane.Instead = () => (413, """{"code":"tree-too-large","title":"The compiled tree is too large.","detail":"At most 7 bytes are taken."}""");

        var failure = (await SendAsync()).ShouldNotBeNull();

        failure.Step.ShouldBe(Stages.Share);
        failure.Kind.ShouldBe(FailureKind.Rejected);
        failure.Message.ShouldBe("The control plane does not take the compiled tree: The compiled tree is too large. At most 7 bytes are taken.");
        failure.Hint!.ShouldContain("buildOnce");
        plane.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_control_plane_that_does_not_come_back_is_given_up()
    {
        plane.Instead = () => (500, "");
        var time = new FakeTimeProvider();
        var sending = SendAsync(time);
        while (!sending.IsCompleted)
        {
            await Task.Delay(5);
            time.Advance(TimeSpan.FromSeconds(30));
        }

        (await sending).ShouldNotBeNull().Kind.ShouldBe(FailureKind.Timeout);
    }

    public void Dispose()
    {
        plane.Dispose();
        folder.Dispose();
    }

    private async Task<Failure?> SendAsync(TimeProvider? time = null)
    {
        using var http = new HttpClient();
        return await new TreeUpload(plane.Identity, http, time ?? TimeProvider.System).SendAsync("d1", TreePlane.TreeOf(archive), folder["tree"], default).WaitAsync(Soon);
    }
}
