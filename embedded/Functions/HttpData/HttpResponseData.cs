using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>An HTTP response as functions without ASP.NET Core integration write it.</summary>
[SuppressMessage("Design", "CA1012:Abstract types should not have public constructors", Justification = "The shape is that of the public package.")]
[SuppressMessage("Design", "MA0017:Abstract types should not have public or internal constructors", Justification = "The shape is that of the public package.")]
public abstract class HttpResponseData
{
    /// <summary>A response.</summary>
    public HttpResponseData(FunctionContext functionContext) => FunctionContext = functionContext ?? throw new ArgumentNullException(nameof(functionContext));

    /// <summary>Its status.</summary>
    public abstract HttpStatusCode StatusCode { get; set; }

    /// <summary>Its headers.</summary>
    public abstract HttpHeadersCollection Headers { get; set; }

    /// <summary>Its body.</summary>
    public abstract Stream Body { get; set; }

    /// <summary>Its cookies.</summary>
    public abstract HttpCookies Cookies { get; }

    /// <summary>The invocation it belongs to.</summary>
    public FunctionContext FunctionContext { get; }

    /// <summary>A response to a request.</summary>
    public static HttpResponseData CreateResponse(HttpRequestData request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.CreateResponse();
    }
}
