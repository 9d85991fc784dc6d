using Failover.Contender;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// One of several processes that want to be the primary, for tests and scenarios that kill and freeze it: --Client etcd --Endpoints http://10.213.0.1:2379,… --Holder host-a --Duration 3 --Acts /tmp/…/acts.sock.
// It acts while it is the primary, and says «ready» when it competes. It ends with SIGTERM, or with its standard input.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Information).AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
ContenderOptions options = ContenderOptions.From(builder.Configuration);
builder.Services.AddSingleton(options);
builder.Services.AddSingleton<Actor>();
Clients.Add(builder.Services, options);
using IHost host = builder.Build();
await host.StartAsync();
Console.WriteLine("ready");
IHostApplicationLifetime lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
_ = Task.Run(async () =>
{
    while (await Console.In.ReadLineAsync() is not null)
    {
    }

    Environment.Exit(0);
});
await host.WaitForShutdownAsync();
