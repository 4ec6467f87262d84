using System.Diagnostics;

namespace VpsPilot.Infra.Tests;

/// <summary>What <c>deploy.sh</c> puts on Azure, with programs in the place of those that build and send.</summary>
public sealed class DeployScriptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("deploy-").FullName;

    public DeployScriptTests()
    {
        Write("infra/azure/deploy.sh", File.ReadAllText(Path.Combine(Bicep.Folder, "deploy.sh")));
        Write("infra/agent/install.sh", "#!/bin/sh\n");
        Directory.CreateDirectory(Path.Combine(folder, "dashboard"));
        Program("npm", "exit 0");
        Program("dotnet", "while [ \"$1\" != -o ]; do shift; done; mkdir -p \"$2\"; echo host >\"$2/host.json\"");
        Program("zip", $"find . -type f | sort >{folder}/sent; touch \"$3\"");
        Program("az", $"echo \"$@\" >{folder}/az");
    }

    [Fact]
    public void Nodes_find_the_install_script_and_every_agent_that_was_built()
    {
        Write("artifacts/release/vpspilot-agent-linux-arm64", "released");
        Write("artifacts/agent/linux-x64/vpspilot-agent", "built");

        var (code, words) = Run();

        code.ShouldBe(0, words);
        File.ReadAllLines(Path.Combine(folder, "sent")).ShouldBe(["./agent/install.sh", "./agent/linux-arm64/vpspilot-agent", "./agent/linux-x64/vpspilot-agent", "./host.json"]);
        File.ReadAllText(Path.Combine(folder, "az")).ShouldContain("--resource-group group --name app");
    }

    [Fact]
    public void Without_an_agent_nothing_is_sent_and_the_remedy_is_said()
    {
        var (code, words) = Run();

        code.ShouldBe(1);
        words.ShouldContain("make release");
        File.Exists(Path.Combine(folder, "az")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_app_looks_for_them_where_the_script_puts_them()
    {
        var template = (await Bicep.CompileAsync()).ToJsonString();

        template.ShouldContain("\"AgentPackages__Directory\":\"/home/site/wwwroot/agent\"");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private (int Code, string Words) Run()
    {
        var start = new ProcessStartInfo("sh", [Path.Combine(folder, "infra/azure/deploy.sh")]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = Path.Combine(folder, "bin") + ":" + Environment.GetEnvironmentVariable("PATH");
        (start.Environment["RESOURCE_GROUP"], start.Environment["FUNCTION_APP"]) = ("group", "app");
        using var process = Process.Start(start)!;
        var words = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
        process.WaitForExit(30_000).ShouldBeTrue();
        return (process.ExitCode, words);
    }

    private void Program(string name, string body) => File.SetUnixFileMode(Write("bin/" + name, "#!/bin/sh\n" + body + "\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

    private string Write(string path, string text)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
