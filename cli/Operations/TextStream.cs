using System.Text.Json;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.CommandLine;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Operations;

/// <summary>Text that is shown while it comes.</summary>
internal static class TextStream
{
    /// <summary>Copies the text to standard output, line by line; with <c>--json</c> each line as an event.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> CopyAsync(Writer output, ApiClient api, string path, CancellationToken ct)
    {
        var opened = await api.StreamAsync(path, null, ct);
        if (opened.Value is not { } response)
        {
            return output.Fail(opened.Complaint!);
        }

        using (response)
        {
            return await CopyAsync(output, api, response, ct);
        }
    }

    /// <summary>The same of a response that has begun.</summary>
    public static async Task<int> CopyAsync(Writer output, ApiClient api, StreamedResponse response, CancellationToken ct)
    {
        try
        {
            using var reader = new StreamReader(await response.BodyAsync(ct));
            while (await reader.ReadLineAsync(ct) is { } line)
            {
                Write(output, line);
            }

            return ExitCode.Done;
        }
        catch (Exception e) when (Broken.Complaint(e, api.Server, ct) is { } complaint)
        {
            return output.Fail(complaint);
        }
    }

    /// <summary>Shows one line; with <c>--json</c> as an event.</summary>
    public static void Write(Writer output, string line)
    {
        if (output.IsJson)
        {
            output.Event("line", JsonSerializer.Serialize(line, ApiJson.Default.String));
        }
        else
        {
            output.Line(line);
        }
    }
}
