using Scriban;
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
        // No built-in functions: what a template needs is in its model, and reflection over built-ins would not survive trimming.
        var context = new TemplateContext(new ScriptObject())
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            EnableRelaxedTargetAccess = false,
            LimitToString = 0,
            LoopLimit = 0,
            NewLine = "\n",
        };
        context.PushGlobal(model);
        return template.Render(context);
    }
}
