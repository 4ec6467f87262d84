using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Keys;
using VpsPilot.Functions.Storage.Azure;
using VpsPilot.Functions.Storage.Sqlite;

namespace VpsPilot.Functions.Storage;

/// <summary>Where state and logs are: in an Azure storage account where one is named, else in files of the data folder.</summary>
internal static class StorageServices
{
    private const string Table = "vpspilot";
    private const string Container = "vpspilot-logs";

    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<IStateStore>(p => p.GetRequiredService<ControlPlaneOptions>().StorageAccount is { } account
            ? new TableStateStore(TableOf(account))
            : new SqliteStateStore(p.GetRequiredService<DataDirectory>().PathOf("state.db")));
        services.AddSingleton<ILogStore>(p => p.GetRequiredService<ControlPlaneOptions>().StorageAccount is { } account
            ? new BlobLogStore(ContainerOf(account))
            : new FileLogStore(p.GetRequiredService<DataDirectory>().PathOf("logs")));
        return services;
    }

    /// <summary>Makes the table and the container that are not there yet.</summary>
    public static async Task EnsureStorageAsync(this IServiceProvider services, CancellationToken ct)
    {
        if (services.GetRequiredService<IStateStore>() is TableStateStore state)
        {
            await state.EnsureAsync(ct);
        }

        if (services.GetRequiredService<ILogStore>() is BlobLogStore logs)
        {
            await logs.EnsureAsync(ct);
        }
    }

    /// <summary>A name means the app's own identity; a connection string is for emulators.</summary>
    private static bool IsName(string account) => account.All(char.IsAsciiLetterOrDigit);

    private static TableClient TableOf(string account) => IsName(account)
        ? new TableClient(new Uri($"https://{account}.table.core.windows.net"), Table, AppIdentity.Credential)
        : new TableClient(account, Table);

    private static BlobContainerClient ContainerOf(string account) => IsName(account)
        ? new BlobContainerClient(new Uri($"https://{account}.blob.core.windows.net/{Container}"), AppIdentity.Credential)
        : new BlobContainerClient(account, Container);
}
