namespace VpsPilot.Templates.Defaults;

/// <summary>Ruby: gems go into the app's folder; Rack apps are started by rackup.</summary>
internal sealed class RubyDefaults : TypeDefaults
{
    public override (string Runtime, string Version)? Runtime(IReadOnlyCollection<string> files) => ("ruby", "3.4");

    public override IReadOnlyList<string> Build(IReadOnlyCollection<string> files) =>
        files.Contains("Gemfile") ? ["bundle config set --local path vendor/bundle", "bundle install"] : [];

    public override string? Start(IReadOnlyCollection<string> files)
    {
        var bundled = files.Contains("Gemfile") ? "bundle exec " : "";
        return files.Contains("config.ru") ? $"{bundled}rackup --host 127.0.0.1 --port \"$PORT\""
            : files.Contains("app.rb") ? $"{bundled}ruby app.rb"
            : null;
    }
}
