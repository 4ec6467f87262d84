using VpsPilot.Agent.Releases;

namespace VpsPilot.Agent.Edge;

/// <summary>A project as the edge sees it.</summary>
/// <param name="ProjectId">Its id.</param>
/// <param name="Route">How it is reached.</param>
/// <param name="Switch">Folder of the files that say which slot has the traffic.</param>
/// <param name="Port">Port of the app in place and in the blue slot.</param>
/// <param name="GreenPort">Port of the app in the green slot; null while it never had one.</param>
/// <param name="FrontPort">Loopback port for a project without domain and port; null while it has none.</param>
internal sealed record RoutedProject(string ProjectId, EdgeRoute Route, string Switch, int Port, int? GreenPort, int? FrontPort)
{
    /// <summary>Null while the edge does not lead to the project.</summary>
    public static RoutedProject? Of(string projectId, ProjectState? state, string folder) =>
        state is { Route: { } route } ? new(projectId, route, folder, state.Port, state.GreenPort, state.FrontPort) : null;
}
