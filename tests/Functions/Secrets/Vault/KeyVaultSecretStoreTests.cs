using Azure;
using Azure.Security.KeyVault.Secrets;
using VpsPilot.Functions.Secrets;
using VpsPilot.Functions.Secrets.KeyVault;

namespace VpsPilot.Functions.Tests.Secrets.Vault;

/// <summary>The Key Vault store with the real client library against a server of the documented protocol.</summary>
public sealed class KeyVaultSecretStoreTests : SecretStoreContract, IAsyncLifetime
{
    private static readonly SecretPlace Key = new("shop", SecretScope.Project, "KEY");

    private KeyVaultServer vault = null!;
    private KeyVaultSecretStore store = null!;

    internal override ISecretStore Store => store;

    [Fact]
    public async Task The_client_answers_the_challenge_and_then_sends_the_token_at_once()
    {
        await store.SetAsync(Key, "one", "ann", default);
        var challenges = vault.Challenges;
        await store.SetAsync(Key, "two", "ann", default);

        challenges.ShouldBeInRange(1, 2);
        vault.Challenges.ShouldBe(challenges);
    }

    [Fact]
    public async Task A_wrong_credential_is_an_error_and_changes_nothing()
    {
        var stranger = new KeyVaultSecretStore(vault.Client("another-token"), TimeProvider.System);

        (await Should.ThrowAsync<RequestFailedException>(() => stranger.SetAsync(Key, "one", "ann", default))).Status.ShouldBe(401);

        vault.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_in_the_vault_are_letters_digits_and_dashes_and_fit()
    {
        await store.SetAsync(new SecretPlace(new string('p', 40), SecretScope.Node("web-1"), "A_" + new string('x', 126)), "v", "ann", default);

        var name = vault.Names.ShouldHaveSingleItem();
        name.Length.ShouldBeLessThanOrEqualTo(127);
        name.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '-');
    }

    [Fact]
    public async Task A_vault_with_purge_protection_says_so_and_keeps_the_deletion()
    {
        vault.HasPurgeProtection = true;
        await store.SetAsync(Key, "one", "ann", default);

        (await store.DeleteAsync(Key, purge: true, default)).ShouldBe(SecretDeletion.PurgeRefused);

        (await store.ListAsync("shop", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_secret_of_someone_else_in_the_same_vault_is_left_alone()
    {
        await vault.Client().SetSecretAsync(new KeyVaultSecret("theirs", "x") { Properties = { Tags = { ["vpspilot-project"] = "shop" } } });

        (await store.ListAsync("shop", default)).ShouldBeEmpty();
    }

    public async Task InitializeAsync()
    {
        vault = await KeyVaultServer.StartAsync();
        store = new KeyVaultSecretStore(vault.Client(), TimeProvider.System);
    }

    public async Task DisposeAsync() => await vault.DisposeAsync();
}
