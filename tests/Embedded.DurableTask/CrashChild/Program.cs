using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using VpsPilot.Embedded.DurableTask.Testing;
using VpsPilot.Embedded.DurableTask.Tests.Programs;

// Usage: FOLDER SEED INSTANCES. Runs the engine on FOLDER/hub.db with INSTANCES programs until all have ended; prints "ready", then "done".
var (folder, seed, count) = (args[0], int.Parse(args[1]), int.Parse(args[2]));

// One write call a line: what a killed process has written stays written.
await using var journal = new FileStream(Path.Combine(folder, "ran.log"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
await using var host = await DurableTaskTestHost.StartAsync(
    r => Interpreter.Register(r, (instance, key) =>
    {
        lock (journal)
        {
            journal.Write(System.Text.Encoding.UTF8.GetBytes($"{instance} {key}\n"));
        }
    }),
    databasePath: Path.Combine(folder, "hub.db"),
    options: o => o.SessionsInMemory = 20);
Console.WriteLine("ready");
for (var i = 0; i < count; i++)
{
    try
    {
        await host.Client.ScheduleNewOrchestrationInstanceAsync(Interpreter.Name, Workload.ProgramOf(seed, i), new StartOrchestrationOptions($"w{i}")
        {
            DedupeStatuses = ["Pending", "Running", "Suspended", "Completed", "Failed", "Terminated"],
        });
    }
    catch (OrchestrationAlreadyExistsException)
    {
        // An earlier life of this process has started it.
    }
}

for (var i = 0; i < count; i++)
{
    await host.Client.WaitForInstanceCompletionAsync($"w{i}");
}

Console.WriteLine("done");
