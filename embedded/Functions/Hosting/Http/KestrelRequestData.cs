using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace VpsPilot.Embedded.Functions.Hosting.Http;

/// <summary>ASP.NET Core's request as <see cref="HttpRequestData"/>.</summary>
internal sealed class KestrelRequestData(FunctionContext invocation, HttpContext http) : HttpRequestData(invocation)
{
    public override Stream Body => http.Request.Body;

    public override HttpHeadersCollection Headers { get; } = new(http.Request.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.OfType<string>())));

    public override IReadOnlyCollection<IHttpCookie> Cookies { get; } = [.. http.Request.Cookies.Select(c => new Cookie(c.Key, c.Value))];

    public override Uri Url { get; } = new(http.Request.GetEncodedUrl());

    public override IEnumerable<ClaimsIdentity> Identities => http.User.Identities;

    public override string Method => http.Request.Method;

    public override HttpResponseData CreateResponse() => new KestrelResponseData(FunctionContext);

    private sealed record Cookie(string Name, string Value) : IHttpCookie
    {
        public string? Domain => null;

        public DateTimeOffset? Expires => null;

        public bool? HttpOnly => null;

        public double? MaxAge => null;

        public string? Path => null;

        public SameSite SameSite => SameSite.None;

        public bool? Secure => null;
    }
}

/// <summary>A response that is held until the function returns it. Cookies are left out: no function of the product sets one this way.</summary>
internal sealed class KestrelResponseData(FunctionContext invocation) : HttpResponseData(invocation)
{
    public override HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

    public override HttpHeadersCollection Headers { get; set; } = [];

    public override Stream Body { get; set; } = new MemoryStream();

    public override HttpCookies Cookies => throw new NotSupportedException("The embedded host supports cookies through ASP.NET Core's response only.");

    public async Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = (int)StatusCode;
        foreach (var (name, values) in Headers)
        {
            http.Response.Headers.Append(name, values.ToArray());
        }

        Body.Position = 0;
        await Body.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
