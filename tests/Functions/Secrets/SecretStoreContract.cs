using System.Text;
using VpsPilot.Functions.Secrets;

namespace VpsPilot.Functions.Tests.Secrets;

/// <summary>What every secret store keeps.</summary>
public abstract class SecretStoreContract
{
    private const string Project = "shop";

    private static readonly SecretPlace Key = new(Project, SecretScope.Project, "API_KEY");

    internal abstract ISecretStore Store { get; }

    [Fact]
    public async Task Each_change_is_a_new_version_and_the_earlier_ones_can_be_read()
    {
        var first = await Store.SetAsync(Key, "one", "ann", default);
        var second = await Store.SetAsync(Key, "zwei \u00fc \"quoted\"\n", "bob", default);

        (first.Version, second.Version).ShouldBe((1, 2));
        second.ShouldSatisfyAllConditions(s => s.Name.ShouldBe("API_KEY"), s => s.Scope.ShouldBe("project"), s => s.UpdatedBy.ShouldBe("bob"), s => s.Bytes.ShouldBe(Encoding.UTF8.GetByteCount("zwei \u00fc \"quoted\"\n")));
        (await Store.ReadAsync(Key, 1, default)).ShouldBe("one");
        (await Store.ReadAsync(Key, 2, default)).ShouldBe("zwei \u00fc \"quoted\"\n");
        (await Store.ReadAsync(Key, 3, default)).ShouldBeNull();
        (await Store.VersionsAsync(Key, default)).Select(v => (v.Version, v.UpdatedBy)).ShouldBe([(2, "bob"), (1, "ann")]);
    }

    [Fact]
    public async Task A_list_has_the_newest_version_of_each_scope_and_of_this_project_only()
    {
        await Store.SetAsync(Key, "a", "ann", default);
        await Store.SetAsync(Key, "b", "ann", default);
        await Store.SetAsync(Key with { Scope = SecretScope.Environment("staging") }, "c", "ann", default);
        await Store.SetAsync(Key with { Scope = SecretScope.Node("web-1") }, "d", "ann", default);
        await Store.SetAsync(Key with { Name = "ANOTHER" }, "e", "ann", default);
        await Store.SetAsync(Key with { Project = "shop-2" }, "f", "ann", default);

        (await Store.ListAsync(Project, default)).Select(s => (s.Name, s.Scope, s.Version))
            .ShouldBe([("ANOTHER", "project", 1), ("API_KEY", "environment:staging", 1), ("API_KEY", "node:web-1", 1), ("API_KEY", "project", 2)]);
        (await Store.ListAsync("nobody", default)).ShouldBeEmpty();
        (await Store.ReadAsync(Key with { Scope = SecretScope.Node("web-1") }, 1, default)).ShouldBe("d");
        (await Store.ReadAsync(Key with { Project = "shop-2" }, 1, default)).ShouldBe("f");
    }

    [Fact]
    public async Task Names_that_differ_only_in_case_or_in_underscores_are_different_secrets()
    {
        string[] names = ["API_KEY", "API__KEY", "api_key", "APIKEY", "_API_KEY"];
        foreach (var name in names)
        {
            await Store.SetAsync(Key with { Name = name }, "value of " + name, "ann", default);
        }

        (await Store.ListAsync(Project, default)).Select(s => s.Name).ShouldBe(names.Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            (await Store.ReadAsync(Key with { Name = name }, 1, default)).ShouldBe("value of " + name);
        }
    }

    [Fact]
    public async Task Long_names_and_large_values_fit()
    {
        var place = new SecretPlace(new string('p', 40), SecretScope.Node(new string('n', 40)), new string('N', 128));
        var value = new string('v', 24 * 1024);
        await Store.SetAsync(place, value, "ann", default);
        await Store.SetAsync(place with { Name = new string('N', 127) + "M" }, "other", "ann", default);

        (await Store.ReadAsync(place, 1, default)).ShouldBe(value);
        (await Store.ListAsync(place.Project, default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_deleted_secret_is_gone_with_its_versions_and_numbers_go_on_when_it_is_set_again()
    {
        await Store.SetAsync(Key, "one", "ann", default);
        await Store.SetAsync(Key, "two", "ann", default);

        (await Store.DeleteAsync(Key, purge: false, default)).ShouldBe(SecretDeletion.Deleted);
        (await Store.DeleteAsync(Key, purge: false, default)).ShouldBe(SecretDeletion.NotFound);
        (await Store.ListAsync(Project, default)).ShouldBeEmpty();
        (await Store.VersionsAsync(Key, default)).ShouldBeEmpty();
        (await Store.ReadAsync(Key, 2, default)).ShouldBeNull();

        (await Store.SetAsync(Key, "three", "bob", default)).Version.ShouldBe(3);
        (await Store.ReadAsync(Key, 3, default)).ShouldBe("three");
        (await Store.ReadAsync(Key, 1, default)).ShouldBeNull();
        (await Store.VersionsAsync(Key, default)).Select(v => v.Version).ShouldBe([3]);
        (await Store.ListAsync(Project, default)).Single().Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_purged_secret_can_be_set_again()
    {
        await Store.SetAsync(Key, "one", "ann", default);
        (await Store.DeleteAsync(Key, purge: true, default)).ShouldBe(SecretDeletion.Deleted);

        var again = await Store.SetAsync(Key, "two", "ann", default);

        (await Store.ReadAsync(Key, again.Version, default)).ShouldBe("two");
        (await Store.VersionsAsync(Key, default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_never_set_is_nowhere()
    {
        (await Store.DeleteAsync(Key, purge: true, default)).ShouldBe(SecretDeletion.NotFound);
        (await Store.VersionsAsync(Key, default)).ShouldBeEmpty();
        (await Store.ReadAsync(Key, 1, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Many_secrets_and_versions_come_over_several_pages()
    {
        for (var i = 0; i < 30; i++)
        {
            await Store.SetAsync(Key, $"value {i}", "ann", default);
            await Store.SetAsync(Key with { Name = $"NAME_{i:D2}" }, "x", "ann", default);
        }

        (await Store.ListAsync(Project, default)).Count.ShouldBe(31);
        (await Store.VersionsAsync(Key, default)).Select(v => v.Version).ShouldBe(Enumerable.Range(1, 30).Reverse());
        (await Store.ReadAsync(Key, 1, default)).ShouldBe("value 0");
    }
}
