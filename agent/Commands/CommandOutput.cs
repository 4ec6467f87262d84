using VpsPilot.Agent.Logs;
using VpsPilot.Agent.Processes;
using VpsPilot.Contracts;

namespace VpsPilot.Agent.Commands;

/// <summary>Where the output of a command's work goes: the deployment's log, without secrets.</summary>
internal sealed class CommandOutput(DeploymentLog? log) : IOutputSink
{
    private IReadOnlyList<string> hidden = [];
    private volatile Redactor redactor = Redactor.None;

    /// <summary>From now on these values are taken out too.</summary>
    public void Hide(IEnumerable<string> secrets)
    {
        hidden = [.. hidden, .. secrets];
        redactor = new Redactor(hidden);
    }

    public string Write(string line)
    {
        var shown = redactor.Redact(line);
        log?.WriteLine(shown);
        return shown;
    }

    public Failure Redact(Failure failure) => failure with
    {
        Message = redactor.Redact(failure.Message),
        StderrTail = failure.StderrTail is null ? null : redactor.Redact(failure.StderrTail),
        Hint = failure.Hint is null ? null : redactor.Redact(failure.Hint),
    };
}
