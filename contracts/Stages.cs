namespace VpsPilot.Contracts;

/// <summary>Names of the stages of a deployment, as they appear in progress events, failures and the API.</summary>
public static class Stages
{
    /// <summary>Bare mirror and worktree of the commit.</summary>
    public const string Fetch = "fetch";

    /// <summary>Parse and validate <c>config.vpspilot.json</c>; resolve placeholders.</summary>
    public const string Configure = "configure";

    /// <summary>Template and catalogue to <c>flake.nix</c>.</summary>
    public const string Render = "render";

    /// <summary>Take the tree that another node compiled, in place of compiling it.</summary>
    public const string Receive = "receive";

    /// <summary><c>nix build .#env</c>: the pinned runtime closure.</summary>
    public const string Environment = "environment";

    /// <summary>The build commands, inside the environment.</summary>
    public const string Compile = "compile";

    /// <summary>The test commands, inside the environment.</summary>
    public const string Test = "test";

    /// <summary><c>nix build .#default</c>: the compiled tree becomes a store path.</summary>
    public const string Seal = "seal";

    /// <summary>Hand the compiled tree to the other nodes.</summary>
    public const string Share = "share";

    /// <summary>Archive of persistent paths and <c>.env</c>.</summary>
    public const string Backup = "backup";

    /// <summary>Write <c>.env</c>.</summary>
    public const string Secrets = "secrets";

    /// <summary>Release commands in the new closure, before any traffic.</summary>
    public const string Release = "release";

    /// <summary>Start the unit.</summary>
    public const string Start = "start";

    /// <summary>Health check of the started unit.</summary>
    public const string Health = "health";

    /// <summary>Move the traffic and the <c>current</c> link.</summary>
    public const string Switch = "switch";

    /// <summary>Let requests of the old slot finish.</summary>
    public const string Drain = "drain";

    /// <summary>Watch window after the switch.</summary>
    public const string Watch = "watch";

    /// <summary>Back to the earlier release.</summary>
    public const string RollBack = "roll-back";

    /// <summary>Persistent paths and <c>.env</c> out of an archive, in an emergency.</summary>
    public const string Restore = "restore";

    /// <summary>Remove releases beyond the number to keep.</summary>
    public const string Prune = "prune";
}
