using Failover.PostgreSql;
using Failover.TestServers.Patroni;
using Microsoft.EntityFrameworkCore;
using OrdersOnPatroni;
using OrdersOnPatroni.Shop;

// dotnet run --project samples/OrdersOnPatroni
// Exit code: 0 if every promise held, 1 if one did not, 2 if arguments are not understood or programs are missing.
if (args is not [])
{
    Console.Error.WriteLine($"'{string.Join(' ', args)}' is not understood. Usage: OrdersOnPatroni");
    return 2;
}

if (NeededPrograms.WhatIsMissing() is { } missing)
{
    Console.Error.WriteLine(missing);
    return 2;
}

Console.WriteLine("A Patroni cluster starts: etcd, and three nodes.");
await using PatroniCluster cluster = await PatroniCluster.StartAsync();

WebApplicationBuilder builder = WebApplication.CreateBuilder();
builder.AddDemoSettings();

#region docs:program
builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
    .AddPostgreSql("db", cluster.ConnectionString)                                          // Host=pg-a,pg-b,pg-c;Username=app;Database=shop
    .AddEtcd(etcd => etcd.Endpoints = [$"http://127.0.0.1:{cluster.EtcdAddress.Port}"])     // where Patroni keeps who leads: wakes the group up
    .WatchPatroniLeader("db", cluster.Scope)
    .AddHealthEndpoints();
builder.Services.AddDbContextPool<OrdersContext>((services, options) => options.UseFailover(services.GetRequiredService<FailoverDataSource>()));
builder.Services.AddHealthChecks().AddPostgreSql("db");

await using WebApplication app = builder.Build();
app.MapFailoverHealth("/health");
app.MapPost("/orders", OrderEndpoints.TakeAsync);                                           // to the primary, by EF Core
app.MapGet("/orders", OrderEndpoints.CountAsync);                                           // from a standby
#endregion

await app.StartAsync();
return await new Story(app, cluster).PlayAsync() ? 0 : 1;
