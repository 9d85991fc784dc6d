using Failover;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// One of several host apps that keep a name at the server that works, for tests that kill, freeze and cut them off: --Name shop.example.test --Etcd http://127.0.0.1:2379, and settings of Failover.
// It says «ready» when it watches, and each revision of a switchover, as «switchover» and JSON. It ends with SIGTERM, or with its standard input.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Information).AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
    .AddEtcd(etcd => etcd.Endpoints = [builder.Configuration["Etcd"]!])
    .AddHttp()
    .SwitchDns("site", builder.Configuration["Name"]!, static dns => dns.UseRfc2136(static _ => { }).UseArbiter(static arbiter => arbiter.UseEtcd()));
using IHost host = builder.Build();
IAsyncEnumerable<Switchover> switchovers = host.Services.GetRequiredKeyedService<FailoverGroup>("site").ReadSwitchoversAsync(CancellationToken.None);
_ = Task.Run(async () =>
{
    await foreach (Switchover switchover in switchovers)
    {
        Console.WriteLine($"switchover {SwitchoverJson.Serialize(switchover)}");
    }
});
await host.StartAsync();
Console.WriteLine("ready");
_ = Task.Run(async () =>
{
    while (await Console.In.ReadLineAsync() is not null)
    {
    }

    Environment.Exit(0);
});
await host.WaitForShutdownAsync();
