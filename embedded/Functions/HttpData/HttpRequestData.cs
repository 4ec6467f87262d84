using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Web;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>An HTTP request as functions without ASP.NET Core integration see it.</summary>
[SuppressMessage("Design", "CA1012:Abstract types should not have public constructors", Justification = "The shape is that of the public package.")]
[SuppressMessage("Design", "MA0017:Abstract types should not have public or internal constructors", Justification = "The shape is that of the public package.")]
public abstract class HttpRequestData
{
    /// <summary>A request.</summary>
    public HttpRequestData(FunctionContext functionContext) => FunctionContext = functionContext ?? throw new ArgumentNullException(nameof(functionContext));

    /// <summary>Its body.</summary>
    public abstract Stream Body { get; }

    /// <summary>Its headers.</summary>
    public abstract HttpHeadersCollection Headers { get; }

    /// <summary>Its cookies.</summary>
    public abstract IReadOnlyCollection<IHttpCookie> Cookies { get; }

    /// <summary>Its URL.</summary>
    public abstract Uri Url { get; }

    /// <summary>The caller's identities.</summary>
    public abstract IEnumerable<ClaimsIdentity> Identities { get; }

    /// <summary>Its method.</summary>
    public abstract string Method { get; }

    /// <summary>The invocation it belongs to.</summary>
    public FunctionContext FunctionContext { get; }

    /// <summary>Its query.</summary>
    public virtual NameValueCollection Query => HttpUtility.ParseQueryString(Url.Query);

    /// <summary>A response to it.</summary>
    public abstract HttpResponseData CreateResponse();
}
