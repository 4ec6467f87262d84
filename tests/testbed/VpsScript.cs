using System.Reflection;
using CliWrap;
using CliWrap.Buffered;

namespace VpsPilot.Testbed;

/// <summary>Runs <c>vps.sh</c> of the repository that this assembly was built from.</summary>
internal static class VpsScript
{
    public static string Path { get; } = typeof(VpsScript).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "VpsScript").Value!;

    /// <exception cref="TimeoutException">It ran longer than <paramref name="limit"/>; it and its children were killed.</exception>
    public static async Task<VpsResult> RunAsync(IEnumerable<string> arguments, TimeSpan limit, PipeSource? input = null, CancellationToken cancellationToken = default)
    {
        var list = arguments.Prepend(Path).ToArray();
        using var timeout = new CancellationTokenSource(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var result = await Cli.Wrap("/bin/bash")
                .WithArguments(list)
                .WithStandardInputPipe(input ?? PipeSource.Null)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(either.Token);
            return new VpsResult(result.ExitCode, result.StandardOutput.TrimEnd('\n'), result.StandardError.TrimEnd('\n'));
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"not done after {limit.TotalSeconds:0} s: {string.Join(' ', list)}", exception);
        }
    }
}
