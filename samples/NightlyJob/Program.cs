using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NightlyJob.Demo;
using NightlyJob.Job;

// dotnet run --project samples/NightlyJob
// Exit code: 0 if every promise held, 1 if one did not, 2 if arguments are not understood or programs are missing.
// It starts etcd, and then itself, twice: --server a --etcd http://… --ledger …, and the same for b. What follows below is the program of such a server.
if (args is not ["--server", var server, "--etcd", var etcd, "--ledger", var ledger])
{
    return await Rehearsal.RunAsync(args);
}

#region docs:register
HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
    .AddEtcd(options => options.Endpoints = [.. etcd.Split(',')])               // http://etcd-a:2379,http://etcd-b:2379,http://etcd-c:2379
    .AddPrimaryGate("nightly", gate => gate.UseEtcd().Configure(lease =>
    {
        lease.Duration = TimeSpan.FromSeconds(3);                               // how long nobody works when a server dies; the default is 15 seconds
        lease.Holder = server;                                                  // the default is the machine's name, which is the same for both here
    }))
    .AddPrimaryService<NightlyReport>("nightly");                               // instead of AddHostedService<NightlyReport>()
builder.Services.AddHealthChecks().AddPrimaryGate("nightly");
builder.Services.AddScoped(_ => new Ledger(ledger, server));                    // what the report is written to
#endregion

builder.AddDemo();
await builder.Build().RunAsync();
return 0;
