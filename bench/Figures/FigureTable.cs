using System.Globalization;
using System.Text.Json;

namespace VpsPilot.Bench.Figures;

/// <summary>How a benchmark program ends.</summary>
public static class FigureTable
{
    /// <summary>Prints a table and, when the program got a file name, writes the figures there as JSON.</summary>
    /// <returns>The program's exit code: 1 when a target was missed.</returns>
    public static async Task<int> PublishAsync(List<Figure> figures, string[] args)
    {
        foreach (var figure in figures)
        {
            var verdict = figure.Target is { } target ? $"target {target:0.##} {(figure.Met == true ? "met" : "MISSED")}" : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure.Name,-72} {figure.Value,10:0.0} {figure.Unit,-13} {verdict}").TrimEnd());
        }

        if (args is [var path, ..])
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(figures, FigureJson.Default.ListFigure));
        }

        return figures.TrueForAll(f => f.Met != false) ? 0 : 1;
    }
}
