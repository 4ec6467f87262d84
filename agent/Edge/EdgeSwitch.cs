using VpsPilot.Agent.Hosting;
using VpsPilot.Agent.Journal;
using VpsPilot.Agent.Releases;

namespace VpsPilot.Agent.Edge;

/// <summary>
/// Says which slot of a project has the traffic, by files that the edge looks at with each request. Each change is one step, holds from the
/// next request on, and over restarts of the edge, of the agent and of the machine. Requests under way stay where they are.
/// </summary>
internal sealed class EdgeSwitch(AgentPaths paths)
{
    /// <summary>It is there while the green slot has the traffic.</summary>
    public const string GreenFile = "green";

    /// <summary>It is there while requests wait for an app that is restarted in place.</summary>
    public const string HoldFile = "hold";

    /// <summary>It is there while both slots share the traffic.</summary>
    public const string SplitFile = "split";

    /// <summary>Folder with a file <c>00</c> to <c>ff</c> for each 256th of the requests that goes to the green slot.</summary>
    public const string SharesFolder = "shares";

    private const int Shares = 256;
    private const UnixFileMode Entered = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Gives a slot all of the traffic.</summary>
    public void To(string projectId, Slot slot)
    {
        // Green first: taking the split away must not lead to the other slot for a moment.
        Set(projectId, GreenFile, slot == Slot.Green);
        Set(projectId, SplitFile, false);
    }

    public void Hold(string projectId, bool isHeld) => Set(projectId, HoldFile, isHeld);

    /// <summary>Gives a slot a share of the traffic, and the other one the rest.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="slot">The slot with the share.</param>
    /// <param name="percent">1 to 99.</param>
    public void Split(string projectId, Slot slot, int percent)
    {
        var folder = Path.Combine(paths.EdgeSwitch(projectId), SharesFolder);
        var green = ((slot == Slot.Green ? percent : 100 - percent) * Shares + 50) / 100;
        Directory.CreateDirectory(folder, Entered);
        for (var share = 0; share < Shares; share++)
            Touch(Path.Combine(folder, $"{share:x2}"), share < green);
        DurableFile.FlushDirectory(folder);
        Set(projectId, SplitFile, true);
    }

    /// <summary>Forgets a project.</summary>
    public void Remove(string projectId)
    {
        if (Directory.Exists(paths.EdgeSwitch(projectId)))
            Directory.Delete(paths.EdgeSwitch(projectId), recursive: true);
    }

    private void Set(string projectId, string name, bool isThere)
    {
        var folder = paths.EdgeSwitch(projectId);
        Directory.CreateDirectory(folder, Entered);
        if (File.Exists(Path.Combine(folder, name)) == isThere)
            return;
        Touch(Path.Combine(folder, name), isThere);
        DurableFile.FlushDirectory(folder);
    }

    private static void Touch(string file, bool isThere)
    {
        if (isThere)
            File.WriteAllBytes(file, []);
        else
            File.Delete(file);
    }
}
