using Microsoft.Extensions.Configuration;

namespace VpsPilot.Functions.Hosting;

/// <summary>The settings are incomplete or wrong.</summary>
internal sealed class SettingsException(string message) : Exception(message);

/// <summary>Reads settings one by one and collects every mistake.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> errors = [];

    public string? Optional(string key) => configuration[key] is { Length: > 0 } value ? value : null;

    public string Required(string key, string what)
    {
        if (Optional(key) is { } value)
        {
            return value;
        }

        errors.Add($"{key} is missing: {what}.");
        return "";
    }

    public Uri? HttpUrl(string key)
    {
        if (Optional(key) is not { } value)
        {
            return null;
        }

        if (Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        errors.Add($"{key} is '{value}', which is not an http or https URL.");
        return null;
    }

    public string? Folder(string key)
    {
        if (Optional(key) is { } value && !Directory.Exists(value))
        {
            errors.Add($"{key} is '{value}', which is not a folder.");
        }

        return Optional(key);
    }

    /// <summary>A duration as <c>hh:mm:ss</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan standard) => OptionalDuration(key) ?? standard;

    /// <summary>A duration as <c>hh:mm:ss</c>; null when it is not set.</summary>
    public TimeSpan? OptionalDuration(string key)
    {
        if (Optional(key) is not { } value)
        {
            return null;
        }

        if (TimeSpan.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var duration) && duration > TimeSpan.Zero)
        {
            return duration;
        }

        errors.Add($"{key} is '{value}', which is not a duration such as 00:30:00.");
        return null;
    }

    /// <summary>A whole number from 1.</summary>
    public int Number(string key, int standard)
    {
        if (Optional(key) is not { } value)
        {
            return standard;
        }

        if (int.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }

        errors.Add($"{key} is '{value}', which is not a whole number from 1.");
        return standard;
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string key, bool standard)
    {
        if (Optional(key) is not { } value)
        {
            return standard;
        }

        if (bool.TryParse(value, out var flag))
        {
            return flag;
        }

        errors.Add($"{key} is '{value}', which is neither true nor false.");
        return standard;
    }

    /// <exception cref="SettingsException">At least one setting was wrong.</exception>
    public void ThrowIfWrong()
    {
        if (errors.Count > 0)
        {
            throw new SettingsException("The control plane cannot start:" + string.Concat(errors.Select(e => "\n  - " + e)));
        }
    }
}
