namespace VirtualIp.Demo;

/// <summary>What the app of a node needs in the demo and yours does not: it tells how it stands, line by line, moves the address when it is told to, and ends with the demo.</summary>
internal static class DemoHost
{
    internal static void AddDemo(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error).AddFilter("Failover.Keepalived", LogLevel.Information).AddSimpleConsole(static console => console.SingleLine = true);
        builder.Services.AddHostedService<Telling>().AddHostedService<Operator>();
    }
}
