namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>When a cookie is sent across sites.</summary>
public enum SameSite
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>With top-level navigation.</summary>
    Lax = 1,

    /// <summary>Never.</summary>
    Strict = 2,

    /// <summary>Always.</summary>
    ExplicitNone = 3,
}

/// <summary>A cookie.</summary>
public interface IHttpCookie
{
    /// <summary>Its domain.</summary>
    string? Domain { get; }

    /// <summary>When it expires.</summary>
    DateTimeOffset? Expires { get; }

    /// <summary>Whether scripts cannot read it.</summary>
    bool? HttpOnly { get; }

    /// <summary>Its life in seconds.</summary>
    double? MaxAge { get; }

    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Its path.</summary>
    string? Path { get; }

    /// <summary>When it is sent across sites.</summary>
    SameSite SameSite { get; }

    /// <summary>Whether it is sent over HTTPS only.</summary>
    bool? Secure { get; }

    /// <summary>Its value.</summary>
    string Value { get; }
}

/// <summary>Cookies of a response.</summary>
public abstract class HttpCookies
{
    /// <summary>Adds a cookie.</summary>
    public abstract void Append(string name, string value);

    /// <summary>Adds a cookie.</summary>
    public abstract void Append(IHttpCookie cookie);

    /// <summary>A new cookie.</summary>
    public abstract IHttpCookie CreateNew();
}
