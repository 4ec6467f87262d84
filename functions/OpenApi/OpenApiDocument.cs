using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using VpsPilot.Functions.Access;
using VpsPilot.Functions.Dashboard;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Problems;

namespace VpsPilot.Functions.OpenApi;

/// <summary>The OpenAPI 3.1 document of the HTTP API, made from the functions' attributes and the metadata of their JSON.</summary>
internal static partial class OpenApiDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document as text, with a line break at its end. The same code gives the same text.</summary>
    public static string Write()
    {
        var book = new SchemaBook();
        var problem = book.ReferenceTo(typeof(ProblemDocument));
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var method in Functions())
        {
            var trigger = method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).First(t => t is not null)!;
            var path = "/" + trigger.Route;
            var item = paths.TryGetValue(path, out var present) ? present : paths[path] = [];
            item[trigger.Methods!.Single()] = Operation(method, trigger, book, problem);
        }

        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "VPS Pilot Serverless",
                ["version"] = ControlPlaneVersion.Current,
                ["description"] = "Deploys apps from git to your own servers. Errors are problem documents (RFC 9457) with a stable code; times are ISO 8601 in UTC.",
            },
            ["paths"] = new JsonObject(paths.Select(p => new KeyValuePair<string, JsonNode?>(p.Key, p.Value))),
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = book.Components,
            },
        };
        return document.ToJsonString(Indented) + "\n";
    }

    /// <summary>Every HTTP function of the API; the dashboard's files are none of it.</summary>
    public static IEnumerable<MethodInfo> Functions() => typeof(OpenApiDocument).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(m => m.GetParameters().Any(p => p.GetCustomAttribute<HttpTriggerAttribute>() is { Route: var route } && route != DashboardFunction.Route))
        .OrderBy(m => m.Name, StringComparer.Ordinal);

    private static JsonObject Operation(MethodInfo method, HttpTriggerAttribute trigger, SchemaBook book, JsonNode problem)
    {
        var api = method.GetCustomAttribute<ApiAttribute>() ?? new ApiAttribute(method.Name);
        var role = method.GetCustomAttribute<RequireRoleAttribute>()?.Role;
        var verb = trigger.Methods!.Single();
        var operation = new JsonObject
        {
            ["operationId"] = char.ToLowerInvariant(method.Name[0]) + method.Name[1..],
            ["summary"] = api.Summary,
            ["tags"] = new JsonArray(trigger.Route!.Split('/')[1]),
        };
        if (role is not null)
        {
            operation["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() });
            operation["x-role"] = role.Value.ToString().ToLowerInvariant();
        }

        var parameters = new JsonArray([.. Parameters(trigger.Route!, verb, role is not null, api)]);
        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        if (api.Body is { } body)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Json("application/json", book.ReferenceTo(body)) };
        }

        var status = api.Status != 0 ? api.Status : api.Answer is null && api.Media is null ? 204 : 200;
        operation["responses"] = new JsonObject
        {
            [status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = Good(api, book),
            ["default"] = new JsonObject { ["description"] = "A problem.", ["content"] = Json(Answers.ProblemType, problem.DeepClone()) },
        };
        return operation;
    }

    private static JsonObject Good(ApiAttribute api, SchemaBook book)
    {
        var response = new JsonObject { ["description"] = "Done." };
        if (api.HasVersions && api.Answer is not null)
        {
            response["headers"] = new JsonObject { ["ETag"] = new JsonObject { ["description"] = "Version of the document.", ["schema"] = Text() } };
        }

        if (api.Answer is { } answer)
        {
            response["content"] = Json("application/json", book.ReferenceTo(answer));
        }
        else if (api.Media is { } media)
        {
            response["content"] = Json(media, Text());
        }

        return response;
    }

    private static IEnumerable<JsonNode> Parameters(string route, string verb, bool hasCaller, ApiAttribute api)
    {
        foreach (Match name in RouteParameter().Matches(route))
        {
            yield return Parameter(name.Groups["name"].Value, "path", Text());
        }

        if (api.Answer is { IsGenericType: true } page && page.GetGenericTypeDefinition() == typeof(Page<>))
        {
            yield return Parameter("limit", "query", new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 200, ["default"] = 50 });
            yield return Parameter("cursor", "query", Text());
        }

        foreach (var query in api.Query)
        {
            yield return Parameter(query, "query", Text());
        }

        if (verb == "post" && hasCaller)
        {
            yield return Parameter("Idempotency-Key", "header", new JsonObject { ["type"] = "string", ["maxLength"] = 255 });
        }

        if (api.HasVersions && verb != "get")
        {
            yield return Parameter("If-Match", "header", Text());
        }
    }

    private static JsonObject Parameter(string name, string place, JsonObject schema)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place };
        if (place == "path")
        {
            parameter["required"] = true;
        }

        parameter["schema"] = schema;
        return parameter;
    }

    private static JsonObject Json(string media, JsonNode schema) => new() { [media] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Text() => new() { ["type"] = "string" };

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RouteParameter();
}
