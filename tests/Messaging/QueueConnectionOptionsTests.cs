namespace VpsPilot.Messaging.Tests;

public sealed class QueueConnectionOptionsTests
{
    [Theory]
    [InlineData("Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=a+b/c==", "amqps://ns.servicebus.windows.net:5671/")]
    [InlineData("Endpoint=sb://127.0.0.1;SharedAccessKeyName=root;SharedAccessKey=a+b/c==;UseDevelopmentEmulator=true;", "amqp://127.0.0.1:5672/")]
    [InlineData(" endpoint = sb://localhost:6000 ; sharedaccesskeyname = root ; sharedaccesskey = a+b/c== ; usedevelopmentemulator = TRUE ", "amqp://localhost:6000/")]
    [InlineData("Endpoint=amqps://10.0.0.1:7000;SharedAccessKeyName=root;SharedAccessKey=a+b/c==", "amqps://10.0.0.1:7000/")]
    public void A_connection_string_gives_the_endpoint_and_the_key(string text, string endpoint)
    {
        var options = QueueConnectionOptions.Parse(text);

        options.Endpoint.ShouldBe(new Uri(endpoint));
        options.KeyName.ShouldBe("root");
        options.Key.ShouldBe("a+b/c==");
    }

    [Theory]
    [InlineData("SharedAccessKeyName=root;SharedAccessKey=secret", "Endpoint")]
    [InlineData("Endpoint=sb://h;SharedAccessKey=secret", "SharedAccessKeyName")]
    [InlineData("Endpoint=sb://h;SharedAccessKeyName=root;SharedAccessKey=", "SharedAccessKey")]
    [InlineData("Endpoint=http://h;SharedAccessKeyName=root;SharedAccessKey=secret", "Endpoint")]
    [InlineData("Endpoint=sb://h;SharedAccessKeyName=root;SharedAccessKey=secret;ManagementEndpoint=here", "ManagementEndpoint")]
    [InlineData("secret", "'='")]
    public void A_bad_connection_string_is_refused_without_showing_the_key(string text, string what)
    {
        var failure = Should.Throw<FormatException>(() => QueueConnectionOptions.Parse(text));

        failure.Message.ShouldContain(what);
        failure.Message.ShouldNotContain("secret");
    }

    [Fact]
    public void The_text_of_the_options_has_no_key() =>
        QueueConnectionOptions.Parse("Endpoint=sb://h;SharedAccessKeyName=root;SharedAccessKey=secret").ToString().ShouldBe("amqps://h:5671/ as root");

    [Fact]
    public void Waits_grow_to_the_limit_and_are_never_nothing()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(30), TimeProvider.System);
        var waits = Enumerable.Range(0, 50).Select(_ => backoff.Next()).ToList();

        waits[0].ShouldBeInRange(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));
        waits[4].ShouldBeInRange(TimeSpan.FromSeconds(1.6), TimeSpan.FromSeconds(3.2));
        waits.ShouldAllBe(wait => wait >= TimeSpan.FromMilliseconds(100) && wait <= TimeSpan.FromSeconds(30));
        waits[^1].ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(15));
    }
}
