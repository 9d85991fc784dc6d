using Failover;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
var member = new FailoverMember("a", new Uri("https://a.example.com"));
using var host = builder.Build();
await host.StartAsync();
Console.WriteLine($"Works: {member}");
await host.StopAsync();
