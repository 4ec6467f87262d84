using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace VpsPilot.Embedded.Functions.Hosting.Http;

/// <summary>The keys of the app: master (everything), function (functions), system (management API). Made at the first start.</summary>
internal sealed class AccessKeys
{
    private readonly byte[] master;
    private readonly byte[] function;
    private readonly byte[] system;

    public AccessKeys(EmbeddedSettings settings)
    {
        var text = SecretFile.ReadOrMake(Path.Combine(settings.DataDirectory, "keys.json"), () =>
            $$"""{ "master": "{{NewKey()}}", "function": "{{NewKey()}}", "system": "{{NewKey()}}" }""");
        using var keys = JsonDocument.Parse(text);
        master = Key(keys, "master");
        function = Key(keys, "function");
        system = Key(keys, "system");
    }

    /// <summary>The key that opens the management API.</summary>
    public string System => Encoding.UTF8.GetString(system);

    /// <summary>True when the request's <c>x-functions-key</c> header or <c>code</c> parameter opens the level.</summary>
    public bool Opens(HttpRequest request, AuthorizationLevel level)
    {
        if (level is AuthorizationLevel.Anonymous or AuthorizationLevel.User)
        {
            return true;
        }

        var given = Encoding.UTF8.GetBytes(request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault() ?? "");
        var second = level switch
        {
            AuthorizationLevel.Function => function,
            AuthorizationLevel.System => system,
            _ => master,
        };
        return CryptographicOperations.FixedTimeEquals(given, master) | CryptographicOperations.FixedTimeEquals(given, second);
    }

    private static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static byte[] Key(JsonDocument keys, string name) => Encoding.UTF8.GetBytes(keys.RootElement.GetProperty(name).GetString()!);
}
