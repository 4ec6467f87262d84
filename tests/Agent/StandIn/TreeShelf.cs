using System.Globalization;
using System.Net;
using System.Text;

namespace VpsPilot.Agent.Tests;

/// <summary>The control plane's end of a tree's way: it keeps what is appended at the right offset, and gives it from any.</summary>
internal sealed class TreeShelf
{
    private readonly Lock gate = new();

    /// <summary>What it has.</summary>
    public byte[] Stored { get; set; } = [];

    /// <summary>Most bytes of one download; then it ends.</summary>
    public int MostAtOnce { get; set; } = int.MaxValue;

    public (int Status, byte[] Body) Answer(HttpListenerRequest request, byte[] body)
    {
        lock (gate)
        {
            var offset = int.Parse(request.QueryString["offset"]!, CultureInfo.InvariantCulture);
            if (request.HttpMethod == "GET")
                return (Stored.Length > 0 ? 200 : 404, [.. Stored.Skip(offset).Take(MostAtOnce)]);
            var fits = offset == Stored.Length;
            if (fits)
                Stored = [.. Stored, .. body];
            return (fits ? 200 : 409, Encoding.UTF8.GetBytes($$"""{"title":"The archive has another length.","offset":{{Stored.Length}}}"""));
        }
    }
}
