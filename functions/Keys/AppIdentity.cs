using Azure.Core;
using Azure.Identity;

namespace VpsPilot.Functions.Keys;

/// <summary>Who the app is in Azure: its managed identity there, the developer's own sign-in elsewhere. One for all clients, so that they share its tokens.</summary>
internal static class AppIdentity
{
    private static readonly Lazy<TokenCredential> Shared = new(() => new DefaultAzureCredential());

    public static TokenCredential Credential => Shared.Value;
}
