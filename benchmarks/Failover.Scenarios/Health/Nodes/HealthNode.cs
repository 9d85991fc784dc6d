using System.Net;
using Failover.Scenarios.Servers;
using global::HealthChecks.UI.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Failover.Scenarios.Health.Nodes;

/// <summary>
/// The child process: a server with one of the health endpoints. It tells its ports, answers each line of its standard input with one (<c>cpu</c>, <c>runs</c>, <c>leaked</c>, <c>hang</c>), and ends when that ends: no child outlives its parent.
/// </summary>
internal static class HealthNode
{
    internal const string Short = "short";

    internal static async Task<int> RunAsync(string kind, string load, bool isShort)
    {
        using PortReservation port = new();
        using PortReservation operators = new();
        using SecretLog log = new();
        NodeLoad of = NodeLoad.Of(load, isShort);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        if (of.ReadsLog)
        {
            builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        }

        builder.WebHost.ConfigureKestrel(kestrel => Array.ForEach([port.Port, operators.Port], one => kestrel.Listen(IPAddress.Loopback, one)));
        if (kind != NodeKinds.MapGet)
        {
            IHealthChecksBuilder checks = builder.Services.AddHealthChecks();
            for (int i = 0; i < of.Checks.Count; i++)
            {
                checks.Add(new HealthCheckRegistration($"check{i}", of.Checks[i], null, [], of.Timeout));
            }
        }

        if (kind == NodeKinds.Failover)
        {
            builder.Configuration.AddInMemoryCollection(of.Settings);
            builder.Services.AddFailover(builder.Configuration.GetSection("Failover")).AddHealthEndpoints();
        }

        await using WebApplication app = builder.Build();
        Map(app, kind, operators.Port);
        app.MapGet("/other", () => "other");
        await app.StartAsync();
        Console.WriteLine($"{port.Port} {operators.Port}");
        _ = Task.Run(async () =>
        {
            while (await Console.In.ReadLineAsync() is { } command)
            {
                Console.WriteLine(Answer(command, of, log));
            }

            Environment.Exit(0);
        });
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static void Map(WebApplication app, string kind, int operators)
    {
        switch (kind)
        {
            case NodeKinds.Failover:
                app.MapFailoverHealth("/health", options => options.ManagementPort = operators);
                break;
            case NodeKinds.Stock:
                app.MapHealthChecks("/health");
                break;
            case NodeKinds.Ui:
                app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = UIResponseWriter.WriteHealthCheckUIResponse });
                break;
            default:
                app.MapGet("/health", () => "ok");
                break;
        }
    }

    private static string Answer(string command, NodeLoad of, SecretLog log)
    {
        switch (command)
        {
            case "cpu":
                return $"{Environment.CpuUsage.TotalTime.TotalMicroseconds:F0}";
            case "runs":
                return $"{of.Checks.Sum(check => check.Executions)} {of.Checks.Max(check => check.AtOnce)}";
            case "leaked":
                return $"{log.Leaked}";
            case "hang":
                of.Hang();
                return "done";
            default:
                throw new ArgumentException($"'{command}' is no command.", nameof(command));
        }
    }
}
