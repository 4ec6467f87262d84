using Spectre.Console;

namespace VpsPilot.Cli.Output;

/// <summary>What the program says: results on standard output, complaints and remarks on standard error.</summary>
internal sealed class Writer
{
    private readonly Lazy<AnsiWriter?> ansi;
    private readonly Lazy<AnsiWriter?> ansiErrors;

    /// <param name="isJson">Results, and complaints, are JSON.</param>
    public Writer(bool isJson)
    {
        IsJson = isJson;
        ansi = new(() => IsTerminal ? new AnsiWriter(Console.Out) : null);
        ansiErrors = new(() => Console.IsErrorRedirected || IsDumb ? null : new AnsiWriter(Console.Error));
    }

    public bool IsJson { get; }

    /// <summary>Standard output is a terminal that understands control sequences, and is read by a person.</summary>
    public bool IsTerminal => !IsJson && !Console.IsOutputRedirected && !IsDumb;

    /// <summary>A person can be asked.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";

    public void Line(string text) => Write(text + "\n", Style.Plain);

    public void Line(string text, Style style) => Write(text + "\n", style);

    public void Write(string text) => Write(text, Style.Plain);

    public void Write(string text, Style style) => Write(Console.Out, ansi.Value, text, style);

    /// <summary>A line of JSON in a result that comes in pieces: what it is, and its value.</summary>
    public void Event(string name, string json) => Line($$"""{"event":"{{name}}","data":{{json}}}""");

    /// <summary>Something beside the result, on standard error; for people only.</summary>
    public void Remark(string text)
    {
        if (!IsJson)
        {
            Console.Error.Write(text + "\n");
        }
    }

    /// <summary>Shows a value: as the control plane wrote it, or by <paramref name="print"/>. Or says why there is none.</summary>
    /// <returns>The exit code.</returns>
    public int Show<T>(Answer<T> answer, Action<T> print)
        where T : class
    {
        if (answer.Value is not { } value)
        {
            return Fail(answer.Complaint!);
        }

        if (IsJson)
        {
            Line(answer.Json ?? "{}");
        }
        else
        {
            print(value);
        }

        return CommandLine.ExitCode.Done;
    }

    /// <summary>Says why a command is not done.</summary>
    /// <returns>The exit code.</returns>
    public int Fail(Complaint complaint)
    {
        if (IsJson)
        {
            Console.Error.Write(OutputJson.Write(complaint) + "\n");
            return complaint.ExitCode;
        }

        Write(Console.Error, ansiErrors.Value, "error: ", Styles.Bad);
        Console.Error.Write(complaint.Message + "\n");
        foreach (var error in complaint.Errors ?? [])
        {
            Console.Error.Write($"  {error.Path}: {error.Message}\n");
        }

        if (complaint.Hint is { } hint)
        {
            Write(Console.Error, ansiErrors.Value, "hint:  ", Styles.Faint);
            Console.Error.Write(hint + "\n");
        }

        return complaint.ExitCode;
    }

    private static void Write(TextWriter plain, AnsiWriter? ansi, string text, Style style)
    {
        if (ansi is null || style == Style.Plain)
        {
            plain.Write(text);
        }
        else
        {
            ansi.Write(text, style);
        }
    }
}
