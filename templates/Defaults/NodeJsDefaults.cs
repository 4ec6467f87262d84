namespace VpsPilot.Templates.Defaults;

/// <summary>Node.js: the package manager is known by its lock file.</summary>
internal sealed class NodeJsDefaults : TypeDefaults
{
    public override (string Runtime, string Version)? Runtime(IReadOnlyCollection<string> files) => ("node", "22");

    public override IReadOnlyList<string> Build(IReadOnlyCollection<string> files)
    {
        if (!files.Contains("package.json"))
        {
            return [];
        }

        var install = files.Contains("pnpm-lock.yaml") ? "npx --yes pnpm install --frozen-lockfile"
            : files.Contains("yarn.lock") ? "npx --yes yarn install --frozen-lockfile"
            : files.Contains("package-lock.json") ? "npm ci"
            : "npm install";
        return [install, "npm run build --if-present"];
    }

    public override string? Start(IReadOnlyCollection<string> files) => "npm start";
}
