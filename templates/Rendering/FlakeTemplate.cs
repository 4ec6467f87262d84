using Scriban;
using Scriban.Functions;
using Scriban.Parsing;
using Scriban.Runtime;

namespace VpsPilot.Templates.Rendering;

/// <summary>A compiled-in Scriban template, rendered strictly: an unknown variable is an error, and nothing is cut.</summary>
internal sealed class FlakeTemplate
{
    private readonly Template template;

    private FlakeTemplate(Template template) => this.template = template;

    public static FlakeTemplate Load(string name)
    {
        var parsed = Template.Parse(Resources.ReadText($"Flakes.{name}.nix.tmpl"), name);
        return parsed.HasErrors ? throw new InvalidOperationException(parsed.Messages.ToString()) : new FlakeTemplate(parsed);
    }

    public string Render(ScriptObject model)
    {
        // No built-in functions but include: what a template needs is in its model, and reflection over built-ins would not survive trimming.
        var context = new TemplateContext(new ScriptObject { ["include"] = new IncludeFunction() })
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            EnableRelaxedTargetAccess = false,
            LimitToString = 0,
            LoopLimit = 0,
            NewLine = "\n",
            TemplateLoader = Parts,
        };
        foreach (var (name, part) in Parts.Parsed)
        {
            context.CachedTemplates[name] = part;
        }

        context.PushGlobal(model);
        return template.Render(context);
    }

    private static readonly PartLoader Parts = new();

    /// <summary>What templates have in common is compiled in beside them, and parsed once.</summary>
    private sealed class PartLoader : ITemplateLoader
    {
        public IReadOnlyDictionary<string, Template> Parsed { get; } = new Dictionary<string, Template>(StringComparer.Ordinal) { ["flake"] = FlakeTemplate.Load("flake").template };

        public string GetPath(TemplateContext context, SourceSpan callerSpan, string templateName) => templateName;

        public string Load(TemplateContext context, SourceSpan callerSpan, string templatePath) => Resources.ReadText($"Flakes.{templatePath}.nix.tmpl");

        public ValueTask<string?> LoadAsync(TemplateContext context, SourceSpan callerSpan, string templatePath) => ValueTask.FromResult<string?>(Load(context, callerSpan, templatePath));
    }
}
