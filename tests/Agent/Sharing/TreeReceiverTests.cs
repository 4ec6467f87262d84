using VpsPilot.Agent.Builds;
using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Settings;
using VpsPilot.Agent.Sharing;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Tests.Sharing;

public sealed class TreeReceiverTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly TempFolder folder = new();
    private readonly TreePlane plane = new();
    private readonly BuildWorkspace workspace;

    public TreeReceiverTests()
    {
        workspace = new BuildWorkspace(new AgentPaths(new AgentSettings { Root = folder["root"] }), "p1", "d1");
        workspace.Create();
    }

    [Fact]
    public async Task What_another_node_sent_is_taken_and_unpacked()
    {
        var archive = await PackAsync("one", withLock: true);
        plane.Shelf.Stored = archive;

        var received = (await ReceiveAsync(archive)).Value.ShouldNotBeNull();

        (await File.ReadAllTextAsync(Path.Combine(received.Path, "main.py"))).ShouldBe("one");
        (await File.ReadAllTextAsync(received.LockFile.ShouldNotBeNull())).ShouldBe("{}");
        File.Exists(workspace.Archive).ShouldBeFalse();
    }

    [Fact]
    public async Task A_download_that_breaks_off_goes_on_where_it_was()
    {
        var archive = await PackAsync("one", withLock: false);
        plane.Shelf.Stored = archive;
        plane.Shelf.MostAtOnce = archive.Length / 2 + 1;

        (await ReceiveAsync(archive)).Value.ShouldNotBeNull().LockFile.ShouldBeNull();

        plane.Requests.Select(r => r.Split('=')[1]).ShouldBe(["0", $"{archive.Length / 2 + 1}"]);
    }

    [Fact]
    public async Task Another_archive_than_the_command_names_is_not_unpacked()
    {
        plane.Shelf.Stored = await PackAsync("two", withLock: false);
        var named = (byte[])[.. plane.Shelf.Stored.Take(plane.Shelf.Stored.Length - 1), 77];

        var failure = (await ReceiveAsync(named)).Failure.ShouldNotBeNull();

        failure.Step.ShouldBe(Stages.Receive);
        failure.Kind.ShouldBe(FailureKind.Rejected);
        failure.Message.ShouldContain("checksum");
        Directory.Exists(workspace.Received).ShouldBeFalse();
    }

    [Fact]
    public async Task A_tree_that_the_control_plane_does_not_have_is_asked_for_once()
    {
        plane.Instead = () => (404, "");

        var failure = (await ReceiveAsync([1, 2, 3])).Failure.ShouldNotBeNull();

        failure.Message.ShouldBe("The control plane does not have the tree that node builder compiled.");
        failure.Hint!.ShouldContain("Deploy again");
        plane.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_archive_is_refused_though_its_checksum_is_right()
    {
        var archive = await PackAsync("one", withLock: false, cut: true);
        plane.Shelf.Stored = archive;

        (await ReceiveAsync(archive)).Failure.ShouldNotBeNull().Message.ShouldContain("is refused: it is damaged");
    }

    public void Dispose()
    {
        plane.Dispose();
        folder.Dispose();
    }

    private async Task<byte[]> PackAsync(string content, bool withLock, bool cut = false)
    {
        var tree = Directory.CreateDirectory(folder["made"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(tree, "main.py"), content);
        await File.WriteAllTextAsync(folder["lock"], "{}");
        await TreePacker.PackAsync(tree, withLock ? folder["lock"] : null, folder["archive"], default);
        var archive = await File.ReadAllBytesAsync(folder["archive"]);
        return cut ? archive[..(archive.Length / 2)] : archive;
    }

    private async Task<Result<ReceivedTree>> ReceiveAsync(byte[] archive)
    {
        using var http = new HttpClient();
        return await new TreeReceiver(new ControlPlaneDownload(plane.Identity, http), TimeProvider.System).ReceiveAsync("d1", TreePlane.TreeOf(archive), workspace, default).WaitAsync(Soon);
    }
}
