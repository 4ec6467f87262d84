namespace VpsPilot.Functions.Dashboard;

/// <summary>A file of the built dashboard, with the forms of it that lie beside it.</summary>
internal sealed record DashboardFile
{
    /// <summary>The file itself.</summary>
    public required string Path { get; init; }

    public required string ContentType { get; init; }

    /// <summary>Version of the content, as an <c>ETag</c> has it.</summary>
    public required string ETag { get; init; }

    /// <summary>Its name changes with its content, so whoever has it never asks again.</summary>
    public required bool IsImmutable { get; init; }

    /// <summary>The compressed forms, the smallest first.</summary>
    public required IReadOnlyList<CompressedForm> Compressed { get; init; }
}

/// <summary>A compressed form of a file.</summary>
/// <param name="Encoding">As <c>Content-Encoding</c> names it.</param>
/// <param name="Path">Where it is.</param>
internal sealed record CompressedForm(string Encoding, string Path);
