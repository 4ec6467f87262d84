using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Defaults;

/// <summary>Ruby: gems go into the app's folder; Rack apps are started by rackup, Rails apps by their own server.</summary>
internal sealed class RubyDefaults : TypeDefaults
{
    public override IReadOnlyList<(string Runtime, string Version)> Runtimes(SourceFiles files) => [("ruby", "3.4")];

    public override IReadOnlyList<string> Build(SourceFiles files) =>
        files.Has("Gemfile") ? ["bundle config set --local path vendor/bundle", "bundle install"] : [];

    public override string? Start(SourceFiles files)
    {
        var bundled = files.Has("Gemfile") ? "bundle exec " : "";
        return files.Has("bin/rails") ? $"{bundled}rails server --binding 127.0.0.1 --port \"$PORT\""
            : files.Has("config.ru") ? $"{bundled}rackup --host 127.0.0.1 --port \"$PORT\""
            : files.Has("app.rb") ? $"{bundled}ruby app.rb"
            : null;
    }
}
