using System.Runtime.CompilerServices;

namespace VpsPilot.Agent.Tests;

/// <summary>Compares text with a file beside the test. With <c>UPDATE_GOLDEN=1</c> the file is written instead, for a person to review.</summary>
internal static class Golden
{
    public static void Matches(string name, string text, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, text);
        text.ShouldBe(File.ReadAllText(file));
    }
}
