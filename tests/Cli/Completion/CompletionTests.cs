using VpsPilot.Agent.Tests;
using VpsPilot.Cli.Tests.Running;

namespace VpsPilot.Cli.Tests.Completion;

/// <summary>The completion scripts, in the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly CliProgram program = new();

    [Theory]
    [InlineData("vpspilot dep", "deploy deployments")]
    [InlineData("vpspilot nodes ", "add collect doctor list move remove")]
    [InlineData("vpspilot deploy --b", "--branch")]
    [InlineData("vpspilot tokens create x --role ", "admin deployer viewer")]
    [InlineData("vpspilot completion ", "bash fish zsh")]
    [InlineData("vpspilot whoami --server ", "play work")]
    public async Task What_may_come_next_is_told_with_what_it_means(string line, string words)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(program.ConfigFile)!);
        await File.WriteAllTextAsync(program.ConfigFile, """{"servers":{"work":{"url":"https://a","token":"t"},"play":{"url":"https://b","token":"t"}}}""");
        File.SetUnixFileMode(program.ConfigFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var lines = (await program.RunAsync("complete", line)).Good().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string.Join(' ', lines.Select(l => l.Split('\t')[0]).Order(StringComparer.Ordinal)).ShouldBe(words);
    }

    [Fact]
    public async Task Meanings_stand_beside_words() => Golden.Matches("commands.txt", (await program.RunAsync("complete", "vpspilot ")).Good());

    [Theory]
    [InlineData("bash", "bash --norc -i", "source <(vpspilot completion bash)")]
    [InlineData("zsh", "zsh -f -i", "autoload -U compinit && compinit -u -D && source <(vpspilot completion zsh)")]
    [InlineData("fish", "fish --private", "vpspilot completion fish | source")]
    public async Task A_tab_completes_the_command_in_a_real_shell(string shell, string start, string load)
    {
        await using var terminal = Terminal.Start(program, start);
        await terminal.TypeAsync(load + "; echo loa''ded\r");
        await terminal.UntilAsync("loaded\n");

        await terminal.TypeAsync("vpspilot proj\tsh\t--he\t\r");

        await terminal.UntilAsync("vpspilot projects show [options]");
        await terminal.TypeAsync("exit\r");
        (await terminal.ExitAsync()).ShouldBe(0, shell);
    }

    public void Dispose() => program.Dispose();
}
