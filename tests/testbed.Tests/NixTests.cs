namespace VpsPilot.Testbed.Tests;

public sealed class NixTests
{
    private static readonly string Flake = Path.Combine(AppContext.BaseDirectory, "flake");

    [VpsFact]
    public async Task The_environment_of_an_app_is_built_and_its_node_runs()
    {
        await using var vps = await TestVps.BootAsync("env");
        await vps.CopyAsync(Flake, "/root/flake");

        var env = await BuildAsync(vps, "env");

        (await vps.ExecAsync($"{env}/bin/node", "--version")).OrThrow().ShouldStartWith("v20.");
        (await vps.ExecAsync("env", $"PATH={env}/bin", "npm", "--version")).OrThrow().ShouldNotBeEmpty();
        (await vps.ExecAsync("head", "-c", "7", $"{env}/etc/ssl/certs/ca-bundle.crt")).ExitCode.ShouldBe(0);
    }

    [VpsFact]
    public async Task Phases_hooks_and_wrappers_make_a_package()
    {
        await using var vps = await TestVps.BootAsync("package");
        await vps.CopyAsync(Flake, "/root/flake");

        var package = await BuildAsync(vps, "default");

        package.ShouldEndWith("-app-1.0");
        (await vps.ExecAsync($"{package}/bin/start")).OrThrow().ShouldBe("it's ok");
        (await vps.ExecAsync("cat", $"{package}/message.txt", $"{package}/hook")).OrThrow().ShouldBe("hello\nhooked");
    }

    [VpsFact]
    public async Task Scripts_and_texts_are_joined_into_one_tree()
    {
        await using var vps = await TestVps.BootAsync("joined");
        await vps.CopyAsync(Flake, "/root/flake");

        var joined = await BuildAsync(vps, "joined");

        (await vps.ExecAsync($"{joined}/bin/quoted")).OrThrow().ShouldBe("a 'b' $c");
        (await vps.ExecAsync($"{joined}/bin/version")).OrThrow().ShouldStartWith("v20.");
        (await vps.ExecAsync("cat", $"{joined}/share/notes")).OrThrow().ShouldBe("notes");
    }

    [VpsFact]
    public async Task A_development_shell_has_the_environment()
    {
        await using var vps = await TestVps.BootAsync("shell");
        await vps.CopyAsync(Flake, "/root/flake");

        var output = (await vps.ExecAsync(["nix", "develop", "path:/root/flake", .. await OverrideAsync(), "-c",
            "sh", "-c", "echo $FROM_ATTRIBUTE $FROM_HOOK; command -v node"])).OrThrow().Split('\n');

        output[0].ShouldBe("set yes");
        output[1].ShouldStartWith("/nix/store/");
    }

    [VpsFact]
    public async Task A_profile_keeps_generations_and_protects_them_from_collection()
    {
        await using var vps = await TestVps.BootAsync("profile");
        await vps.CopyAsync(Flake, "/root/flake");
        const string profile = "/nix/var/nix/profiles/vpspilot/app";
        (await vps.ExecAsync("mkdir", "-p", "/nix/var/nix/profiles/vpspilot")).OrThrow();
        foreach (var package in new[] { "env", "default" })
            (await vps.ExecAsync("nix-env", "--profile", profile, "--set", await BuildAsync(vps, package))).OrThrow();
        var unprotected = await BuildAsync(vps, "joined");

        (await vps.ExecAsync("nix-collect-garbage")).OrThrow();

        (await vps.ExecAsync($"{profile}-1-link/bin/node", "--version")).OrThrow().ShouldStartWith("v20.");
        (await vps.ExecAsync($"{profile}/bin/start")).OrThrow().ShouldBe("it's ok");
        (await vps.ExecAsync("test", "-e", unprotected)).ExitCode.ShouldBe(1);
    }

    private static async Task<string> BuildAsync(TestVps vps, string package) =>
        (await vps.ExecAsync(["nix", "build", $"path:/root/flake#{package}", "--no-link", "--print-out-paths", .. await OverrideAsync()])).OrThrow();

    private static async Task<string[]> OverrideAsync() =>
        await TestVps.OfflineNixpkgsAsync() is { } folder ? ["--override-input", "nixpkgs-2511", $"path:{folder}"] : [];
}
