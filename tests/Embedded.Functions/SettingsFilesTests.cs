using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace VpsPilot.Embedded.Functions.Tests;

public sealed class SettingsFilesTests
{
    /// <summary>The folder that would be watched may be the one with the databases.</summary>
    [Fact]
    public void Files_with_settings_are_read_at_the_start_and_not_watched()
    {
        var folder = Directory.CreateTempSubdirectory("settings-").FullName;
        var builder = FunctionsApplication.CreateBuilder(["--Embedded:FunctionsAssembly=VpsPilot.Embedded.Functions.Tests", $"--Embedded:DataDirectory={folder}"]);

        var files = ((IConfigurationBuilder)builder.Configuration).Sources.OfType<JsonConfigurationSource>().ToList();

        files.ShouldNotBeEmpty();
        files.ShouldAllBe(f => !f.ReloadOnChange);
        Directory.Delete(folder, recursive: true);
    }
}
