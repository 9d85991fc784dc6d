using System.Text;
using Failover.AspNetCore.Tests.Processes;
using Failover.TestServers;
using Failover.TestServers.Servers;

namespace Failover.AspNetCore.Tests.Servers;

/// <summary>Real drivers refuse a wrong password, and checks tell all they know: nothing of it leaves the process.</summary>
[Collection("Servers")]
public sealed class RealSecretsTests(ServersFixture servers)
{
    private const string Secret = "hushQ7xR2v";

    [ServerFact("postgres", "initdb", "redis-server")]
    public async Task No_body_no_header_and_no_line_that_the_process_writes_has_a_password_or_a_token()
    {
        PostgreSqlServer database = await servers.PostgreSqlAsync();
        await using RedisServer redis = await RedisServer.StartAsync("--requirepass", "another");
        await using NodeProcess node = await NodeProcess.StartAsync(
            "--careless", Secret, "--careless-database", database.ConnectionString, "--careless-redis", redis.Endpoint, "--Logging:LogLevel:Failover", "Trace", "--Failover:Health:Timeout", "00:00:05", "--Failover:Draining:Hold", "00:00:00");
        string[] names = ["password", "query", "redis", "http", "header"];
        string[] all = [.. names, .. names.Select(name => $"{name}-wrapped"), "own-password", "own-http"];
        await App.UntilAsync(() => all.All(name => node.Output.Any(line => line.Contains($"check {name} is Unhealthy", StringComparison.Ordinal))), "every check is logged as failed");

        StringBuilder seen = new();
        foreach (int port in new[] { node.Port, node.ManagementPort })
        {
            foreach (string path in new[] { "/health", "/health/ready", "/health/live", "/health/startup", "/ui", "/dotnet" })
            {
                foreach (string accept in new[] { "*/*", "text/plain" })
                {
                    seen.Append(await Wire.AskAsync(port, $"GET {path} HTTP/1.1\r\nHost: a\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"));
                }
            }
        }

        node.Terminate();
        Assert.Equal(0, await node.ExitAsync());
        string output = string.Join('\n', node.Output);
        seen.Append(output);

        // All of it was tried, and told by its kind.
        Assert.All(["28P01", "P0001", "RedisConnectionException", "ConnectionRefused"], kind => Assert.Contains(kind, output, StringComparison.Ordinal));
        Assert.Contains("Password=***", output, StringComparison.Ordinal);
        Assert.Contains("password:responseTime", seen.ToString(), StringComparison.Ordinal);
        foreach (string secret in new[] { Secret, database.Password })
        {
            Assert.DoesNotContain(seen.ToString().Split('\n'), line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }
}
