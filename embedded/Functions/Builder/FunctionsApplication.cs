namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>A functions app.</summary>
public class FunctionsApplication
{
    /// <summary>
    /// A builder with configuration from environment variables, <c>local.settings.json</c> and the command line. The app is served by this process:
    /// Kestrel, the Durable Task engine and the AMQP broker, set by the section <c>Embedded</c>.
    /// </summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
