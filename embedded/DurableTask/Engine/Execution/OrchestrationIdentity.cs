using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>What does not change during one execution of an orchestration.</summary>
internal sealed record OrchestrationIdentity(string InstanceId, string ExecutionId, string Name, string Version, ParentOrchestrationInstance? Parent);

/// <summary>How an orchestration that starts over goes on; the input is text.</summary>
internal sealed record NextExecution(string? Input, bool PreserveUnprocessedEvents, string Version);

/// <summary>What every execution of one engine shares.</summary>
internal sealed record EngineContext(DataConverter Converter, ILoggerFactory LoggerFactory, string DefaultVersion, TimeSpan MaximumTimerInterval, FailureReader Failures, WorkAdmission Admission);
