using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace VpsPilot.Embedded.DurableTask.Engine.Execution;

/// <summary>What does not change during one execution of an orchestration.</summary>
internal sealed record OrchestrationIdentity(string InstanceId, string ExecutionId, string Name, string Version, ParentOrchestrationInstance? Parent);

/// <summary>What every execution of one engine shares.</summary>
internal sealed record EngineContext(DataConverter Converter, ILoggerFactory LoggerFactory, string DefaultVersion, TimeSpan MaximumTimerInterval, FailureReader Failures, WorkAdmission Admission);
