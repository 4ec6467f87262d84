using System.Text;
using VpsPilot.Cli.Api;
using VpsPilot.Cli.Output;

namespace VpsPilot.Cli.Operations;

/// <summary>The log of one node as it grows. A stream of it may end long before the log does: what came is counted, and the next one goes on there.</summary>
internal sealed class NodeLog(ApiClient api, string path, string node)
{
    private readonly byte[] buffer = new byte[16 * 1024];
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder open = new();
    private long offset;

    /// <summary>Reads to the end of one stream.</summary>
    /// <param name="follow">The stream waits for what is still to come; otherwise it has what there is.</param>
    /// <param name="take">Gets each line that is whole.</param>
    /// <param name="ct">Stops reading.</param>
    /// <returns>Null at the end of the stream; else why it was cut.</returns>
    public async Task<Complaint?> ReadAsync(bool follow, Action<string> take, CancellationToken ct)
    {
        try
        {
            var opened = await api.StreamAsync(path.With(("node", node), ("offset", $"{offset}"), ("follow", follow ? "1" : null)), null, ct);
            if (opened.Value is not { } response)
            {
                return opened.Complaint;
            }

            using (response)
            {
                var body = await response.BodyAsync(ct);
                int read;
                while ((read = await body.ReadAsync(buffer, ct)) > 0)
                {
                    offset += read;
                    Split(read, take);
                }
            }

            return null;
        }
        catch (Exception e) when (Broken.Complaint(e, api.Server, ct) is { } complaint)
        {
            return complaint;
        }
    }

    /// <summary>Gives out the last line, where it has no line break.</summary>
    public void Finish(Action<string> take)
    {
        if (open.Length > 0)
        {
            take(open.ToString());
            open.Clear();
        }
    }

    private void Split(int count, Action<string> take)
    {
        var text = new char[decoder.GetCharCount(buffer, 0, count)];
        decoder.GetChars(buffer, 0, count, text, 0);
        var rest = text.AsSpan();
        for (int end; (end = rest.IndexOf('\n')) >= 0; rest = rest[(end + 1)..])
        {
            take(open.Append(rest[..end]).ToString().TrimEnd('\r'));
            open.Clear();
        }

        open.Append(rest);
    }
}
