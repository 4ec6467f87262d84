using VpsPilot.Templates.Detection;

namespace VpsPilot.Templates.Defaults;

/// <summary>Node.js: the package manager is known by its lock file.</summary>
internal sealed class NodeJsDefaults : TypeDefaults
{
    public override IReadOnlyList<(string Runtime, string Version)> Runtimes(SourceFiles files) => [("node", "22")];

    public override IReadOnlyList<string> Build(SourceFiles files)
    {
        if (!files.Has("package.json"))
        {
            return [];
        }

        var install = files.Has("pnpm-lock.yaml") ? $"npx --yes {PackageManager.Pnpm(files)} install --frozen-lockfile"
            : files.Has("yarn.lock") ? PackageManager.IsBerry(files) ? $"npx --yes --package {PackageManager.Berry(files)} yarn install --immutable" : $"npx --yes {PackageManager.Yarn(files)} install --frozen-lockfile"
            : files.Has("package-lock.json") || files.Has("npm-shrinkwrap.json") ? "npm ci"
            : PackageManager.InstallWithoutLock(files) ?? "npm install";
        return [install, "npm run build --if-present"];
    }

    public override IEnumerable<string> NotUsed(SourceFiles files) => NodeLocks.NotUsed(files);

    public override string? Start(SourceFiles files)
    {
        var package = PackageJson.Of(files);
        return package?.Start is not null ? "npm start"
            : package?.Main is { } main && files.Has(main) ? $"node {main}"
            : files.Has("server.js") ? "node server.js"
            : files.Has("index.js") ? "node index.js"
            : files.Has("app.js") ? "node app.js"
            : files.Has("package.json") ? "npm start"
            : null;
    }
}
