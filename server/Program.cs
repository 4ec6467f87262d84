using VpsPilot.Server;

return await CommandLine.RunAsync(args);
