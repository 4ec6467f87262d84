using VpsPilot.Functions.Access;
using VpsPilot.Functions.Commands;
using VpsPilot.Functions.Hosting;
using VpsPilot.Functions.Keys;
using VpsPilot.Functions.Storage;
using VpsPilot.Functions.Tests.Secrets.Vault;

namespace VpsPilot.Functions.Tests.Keys;

/// <summary>Keys in Key Vault with the real client library against a server of the documented protocol.</summary>
public sealed class KeyVaultKeysTests : KeyStoreContract, IAsyncLifetime
{
    private readonly TestPlane plane = new();
    private KeyVaultServer vault = null!;

    [Fact]
    public async Task Processes_that_start_at_once_end_with_the_same_key()
    {
        var texts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Open().ReadOrCreateAsync("command", () => $"maker {i}", default))));

        texts.Distinct().Count().ShouldBe(1);
        (await Open().ReadOrCreateAsync("command", () => "later", default)).ShouldBe(texts[0]);
    }

    [Fact]
    public async Task A_name_that_is_soft_deleted_is_brought_back()
    {
        await Open().ReadOrCreateAsync("command", () => "first", default);
        await (await vault.Client().StartDeleteSecretAsync("vpspilot-own-command")).WaitForCompletionAsync();
        await plane.Get<IStateStore>().DeleteAsync("own-key", "command", null, default);

        (await Open().ReadOrCreateAsync("command", () => "second", default)).ShouldBe("second");
    }

    [Fact]
    public async Task Keys_outlive_a_state_that_was_lost()
    {
        await Open().ReadOrCreateAsync("command", () => "first", default);
        await plane.Get<IStateStore>().DeleteAsync("own-key", "command", null, default);

        (await Open().ReadOrCreateAsync("command", () => "second", default)).ShouldBe("first");
    }

    [Fact]
    public async Task A_key_that_was_deleted_is_an_error_that_says_where()
    {
        await Open().ReadOrCreateAsync("command", () => "first", default);
        await (await vault.Client().StartDeleteSecretAsync("vpspilot-own-command")).WaitForCompletionAsync();

        var error = await Should.ThrowAsync<InvalidOperationException>(() => Open().ReadOrCreateAsync("command", () => "second", default));

        error.Message.ShouldContain("vpspilot-own-command");
        error.Message.ShouldContain("recover it");
    }

    [Fact]
    public async Task A_rotation_by_one_process_reaches_the_other()
    {
        using var one = new CommandSigningKey(Open());
        using var other = new CommandSigningKey(Open());
        var first = await other.PublicKeyAsync(default);

        var second = await one.RotateAsync([first], default);

        (await other.PublicKeyAsync(default)).ShouldBe(second);
        (await other.SignAsync("x", second, default)).IsSignedBy(second).ShouldBeTrue();
        (await other.SignAsync("x", first, default)).IsSignedBy(first).ShouldBeTrue();
        await other.RotateAsync([second], default);
        (await one.SignAsync("x", second, default)).IsSignedBy(second).ShouldBeTrue();
    }

    [Fact]
    public async Task The_admin_token_is_in_the_vault_and_in_no_file_and_two_starts_at_once_make_one()
    {
        var starts = Enumerable.Range(0, 2).Select(_ => new AdminToken(plane.Get<TokenStore>(), Open(), plane.Get<ControlPlaneOptions>(), plane.Time));

        await Task.WhenAll(starts.Select(s => s.EnsureAsync(default)));

        var text = (await vault.Client().GetSecretAsync("vpspilot-own-admin-token")).Value.Value;
        (await plane.Get<TokenStore>().FindAsync(text, default)).ShouldNotBeNull().Role.ShouldBe(Role.Admin);
        (await plane.Get<TokenStore>().ListAsync(new Functions.Problems.Paging(10, null), default)).Items.Count.ShouldBe(1);
        File.Exists(Path.Combine(plane.Folder, "admin-token")).ShouldBeFalse();
    }

    public async Task InitializeAsync() => vault = await KeyVaultServer.StartAsync();

    public async Task DisposeAsync()
    {
        await vault.DisposeAsync();
        await plane.DisposeAsync();
    }

    internal override IKeyStore Open() => new KeyVaultKeys(vault.Client(), plane.Get<IStateStore>(), TimeProvider.System);
}
