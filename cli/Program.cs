using System.CommandLine;
using System.CommandLine.Invocation;
using VpsPilot.Cli.CommandLine;

// Arguments are meant as they are: one that begins with @ is no file of arguments.
var result = CommandTree.Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
return result.Action is ParseErrorAction ? ParseErrors.Tell(result) : await result.InvokeAsync();
