using VpsPilot.Testbed;

namespace VpsPilot.Templates.Tests.Vps;

/// <summary>One test VPS for all that asks real Nix, with a nixpkgs that has every attribute of the catalogue, and the tree of an app in its store.</summary>
public sealed class FlakeVps : IAsyncLifetime
{
    /// <summary>Folder of the nixpkgs in it.</summary>
    public const string Nixpkgs = "/root/nixpkgs";

    private const string OwnFlake = """
        {
          inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
          outputs =
            { nixpkgs, ... }:
            {
              packages = builtins.mapAttrs (_: pkgs: {
                env = pkgs.jq;
                default = pkgs.writeShellScriptBin "start" "echo of its own flake";
              }) nixpkgs.legacyPackages;
            };
        }
        """;

    private TestVps? vps;

    /// <summary>The machine; only for tests that are not skipped.</summary>
    public TestVps Machine => vps ?? throw new InvalidOperationException(TestVps.UnavailableReason);

    /// <summary>Store path of the tree.</summary>
    public string Tree { get; private set; } = "";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (!TestVps.Available)
            return;
        vps = await TestVps.BootAsync("flakes");
        await vps.CopyAsync(Path.Combine(AppContext.BaseDirectory, "Vps", "nixpkgs"), Nixpkgs);
        await vps.CopyAsync(Path.Combine(AppContext.BaseDirectory, "Vps", "runtime-catalogue.json"), Nixpkgs + "/");
        var offline = (await TestVps.OfflineNixpkgsAsync()).ShouldNotBeNull("these tests are for the offline nixpkgs");
        (await vps.ExecAsync("cp", "-rL", offline, Nixpkgs + "/offline")).OrThrow();

        var tree = Directory.CreateTempSubdirectory("vpspilot-tree");
        foreach (var folder in new[] { "apps/it's $HOME", "apps/a b/nix", "cmd", "svc", "api/v1", ".vpspilot/persist/uploads" })
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(tree.FullName, folder)).FullName, "file"), "it is there\n");
        foreach (var folder in new[] { "", "svc", "apps/a b/nix" })
            File.WriteAllText(Path.Combine(tree.FullName, folder, "flake.nix"), OwnFlake);
        await vps.CopyAsync(tree.FullName, "/root/tree");
        tree.Delete(recursive: true);
        Tree = (await vps.ExecAsync("nix", "store", "add", "--name", "source", "/root/tree")).OrThrow();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (vps is not null)
            await vps.DisposeAsync();
    }
}
