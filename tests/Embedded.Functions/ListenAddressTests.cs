using Microsoft.Extensions.Configuration;
using VpsPilot.Embedded.Functions.Hosting;

namespace VpsPilot.Embedded.Functions.Tests;

public sealed class ListenAddressTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("listen-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("http://127.0.0.1:7071", "http://127.0.0.1:7071/")]
    [InlineData("https://*:7071", "https://127.0.0.1:7071/")]
    [InlineData("https://+:7071; http://127.0.0.1:80", "https://127.0.0.1:7071/")]
    [InlineData("https://0.0.0.0:7071/", "https://127.0.0.1:7071/")]
    [InlineData("https://[::]:7071", "https://[::1]:7071/")]
    public void All_addresses_are_reached_over_loopback(string urls, string local)
    {
        var settings = Read(("Embedded:Urls", urls), ("Embedded:Broker:Endpoint", "amqps://0.0.0.0:5671"));

        settings.LocalUrl.AbsoluteUri.ShouldBe(local);
        var app = settings.AppSettings().ToDictionary();
        app["ServiceBusManagementEndpoint"].ShouldBe(local + "servicebus/");
        app["ServiceBusConnection"]!.ShouldStartWith("Endpoint=sb://127.0.0.1:5671;");
    }

    [Theory]
    [InlineData("Embedded:Urls", "localhost:7071")]
    [InlineData("Embedded:Urls", "amqp://127.0.0.1:7071")]
    [InlineData("Embedded:Broker:Endpoint", "127.0.0.1:5672")]
    [InlineData("Embedded:Broker:Endpoint", "http://127.0.0.1:5672")]
    public void What_is_no_address_is_refused_by_the_name_of_its_setting(string setting, string value)
    {
        var refusal = Should.Throw<InvalidOperationException>(() => Read((setting, value)));

        refusal.Message.ShouldStartWith(setting);
        refusal.Message.ShouldContain($"'{value}'");
    }

    private EmbeddedSettings Read(params (string Key, string Value)[] settings) => EmbeddedSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Append(("Embedded:DataDirectory", folder)).Select(s => KeyValuePair.Create<string, string?>(s.Item1, s.Item2)))
        .Build());
}
