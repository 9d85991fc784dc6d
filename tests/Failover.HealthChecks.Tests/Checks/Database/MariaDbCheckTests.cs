using Failover.HealthChecks.Checks;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MySqlConnector;

namespace Failover.HealthChecks.Tests.Checks.Database;

/// <summary>Another provider, which gives its codes elsewhere.</summary>
public sealed class MariaDbCheckTests
{
    [ServerFact("mariadbd", "mariadb-install-db")]
    public async Task The_same_check_serves_MariaDB_and_tells_its_codes()
    {
        await using MariaDbServer server = await MariaDbServer.StartAsync();
        await using MySqlDataSource source = new(server.ConnectionString);
        await using Checked check = Checked.With(checks => checks.AddDatabase("db", source));
        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);

        await using MySqlDataSource wrong = new(new MySqlConnectionStringBuilder(server.ConnectionString) { Password = "hush-7" }.ConnectionString);
        await using Checked refused = Checked.With(checks => checks.AddDatabase("db", wrong));
        HealthCheckResult result = await refused.RunAsync();
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal("28000", result.Data["sqlState"]);
        Assert.Equal(1045L, result.Data["errorCode"]);
        Assert.Equal(CheckStep.Open, result.Data["step"]);

        // Frozen: heard of within the time, and again when it goes on.
        server.Freeze();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check.RunAsync(TimeSpan.FromSeconds(1)));
        server.Thaw();
        await check.UntilAsync(HealthStatus.Healthy);

        await server.KillAsync();
        await check.RunAsync();
        HealthCheckResult killed = await check.RunAsync();
        Assert.Equal(HealthStatus.Unhealthy, killed.Status);
        // Its own code for a server that cannot be reached.
        Assert.Equal(1042L, killed.Data["errorCode"]);
    }
}
