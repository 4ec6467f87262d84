using VpsPilot.Demo;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupt.Cancel();
};

try
{
    return args switch
    {
        ["run", var root] => await MainJob.RunAsync(new DemoPaths(root), interrupt.Token),
        ["up", var root] => await StandingStack.UpAsync(new DemoPaths(root), interrupt.Token),
        ["down", var root] => await StandingStack.DownAsync(new DemoPaths(root), interrupt.Token),
        _ => Usage(),
    };
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Interrupted.");
    return 130;
}
catch (Exception e) when (e is InvalidOperationException or TimeoutException or HttpRequestException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine("usage: vpspilot-demo run|up|down REPOSITORY-ROOT");
    return 2;
}
