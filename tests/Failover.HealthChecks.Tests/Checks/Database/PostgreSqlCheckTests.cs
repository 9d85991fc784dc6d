using System.Globalization;
using System.Net.Sockets;
using Failover.HealthChecks.Checks;
using Failover.TestServers;
using Failover.TestServers.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Failover.HealthChecks.Tests.Checks.Database;

[Collection("PostgreSQL")]
public sealed class PostgreSqlCheckTests(PostgreSqlFixture fixture)
{
    [ServerFact("postgres", "initdb")]
    public async Task A_database_that_answers_passes_and_tells_how_long_each_step_took()
    {
        PostgreSqlServer server = await fixture.ServerAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await using Checked check = Checked.With(checks => checks.AddDatabase("db", source));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal(["openMs", "queryMs"], result.Data.Keys.Order());
    }

    [ServerFact("postgres", "initdb")]
    public async Task A_write_is_made_and_one_that_is_refused_tells_the_servers_code()
    {
        PostgreSqlServer server = await fixture.ServerAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await ExecuteAsync(source, "CREATE TABLE IF NOT EXISTS beats (at timestamptz); DELETE FROM beats");
        await using Checked check = Checked.With(checks => checks.AddDatabase("db", source, options => options.Write = "INSERT INTO beats VALUES (now())"));

        Assert.Equal(HealthStatus.Healthy, (await check.RunAsync()).Status);
        Assert.Equal(1L, await ExecuteAsync(source, "SELECT count(*) FROM beats"));

        await using NpgsqlDataSource readOnly = NpgsqlDataSource.Create(server.ConnectionString + ";Options=-c default_transaction_read_only=on");
        await using Checked refused = Checked.With(checks => checks.AddDatabase("db", readOnly, options => options.Write = "INSERT INTO beats VALUES (now())"));
        HealthCheckResult result = await refused.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal("25006", result.Data["sqlState"]);
        Assert.Equal(CheckStep.Write, result.Data["step"]);
    }

    [ServerFact("postgres", "initdb")]
    public async Task A_wrong_password_fails_at_open_with_the_servers_code_and_without_the_password()
    {
        PostgreSqlServer server = await fixture.ServerAsync();
        NpgsqlConnectionStringBuilder wrong = new(server.ConnectionString) { Password = "hush-7" };
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(wrong);
        await using Checked check = Checked.With(checks => checks.AddDatabase("db", source));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal("28P01", result.Data["sqlState"]);
        Assert.Equal(CheckStep.Open, result.Data["step"]);
        Assert.DoesNotContain("hush-7", string.Join(' ', result.Data.Values) + result.Description + result.Exception, StringComparison.Ordinal);
    }

    [ServerFact("postgres", "initdb")]
    public async Task A_query_of_ones_own_is_asked()
    {
        PostgreSqlServer server = await fixture.ServerAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await using Checked check = Checked.With(checks => checks.AddDatabase("db", source, options => options.Query = "SELECT id FROM not_there"));

        HealthCheckResult result = await check.RunAsync();

        Assert.Equal("42P01", result.Data["sqlState"]);
        Assert.Equal(CheckStep.Query, result.Data["step"]);
    }

    [ServerFact("postgres", "initdb")]
    public async Task A_killed_server_fails_at_once_with_the_sockets_code_and_passes_when_it_is_back()
    {
        PostgreSqlServer server = await fixture.ServerAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await using Checked check = Checked.With(checks => checks.AddDatabase("db", source));
        await check.RunAsync();

        await server.KillAsync();
        try
        {
            // The first failure may be that of the connection that was open; from then on there is none.
            await check.RunAsync();
            HealthCheckResult result = await check.RunAsync();

            Assert.Equal(HealthStatus.Unhealthy, result.Status);
            Assert.Equal(SocketError.ConnectionRefused, result.Data["socketError"]);
            Assert.Equal(CheckStep.Open, result.Data["step"]);
        }
        finally
        {
            await server.StartAgainAsync();
        }

        await check.UntilAsync(HealthStatus.Healthy);
    }

    [ServerFact("postgres", "initdb")]
    public async Task A_frozen_server_fails_the_check_in_its_time_and_no_run_takes_a_second_connection()
    {
        PostgreSqlServer server = await fixture.ServerAsync();

        // One connection is all there is: a run that took another would wait for it, and fail.
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString + ";Maximum Pool Size=1;Application Name=check");
        await using NpgsqlDataSource other = NpgsqlDataSource.Create(server.ConnectionString);
        await using LiveNode node = LiveNode.With(checks => checks.AddDatabase("db", source));
        await node.UntilAsync(check => check.Status == HealthStatus.Healthy);

        server.Freeze();
        try
        {
            await node.UntilAsync(check => check.Status == HealthStatus.Unhealthy);
            Assert.Equal("timeout", node.Check.Error);
            Assert.False(node.Check.IsStuck);
        }
        finally
        {
            server.Thaw();
        }

        await node.UntilAsync(check => check.Status == HealthStatus.Healthy);
        Assert.InRange(await ExecuteAsync(other, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'check'"), 0, 1);
    }

    [ServerFact("postgres", "initdb")]
    public async Task Many_who_run_the_check_at_once_take_one_connection()
    {
        PostgreSqlServer server = await fixture.ServerAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString + ";Application Name=many");
        await using NpgsqlDataSource other = NpgsqlDataSource.Create(server.ConnectionString);
        await using Checked check = Checked.With(checks => checks.AddDatabase("db", source, options => options.Query = "SELECT pg_sleep(0.01)"));

        HealthCheckResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => check.RunAsync()));

        // A pool keeps what it ever opened, for minutes.
        Assert.All(results, result => Assert.Equal(HealthStatus.Healthy, result.Status));
        Assert.Equal(1, await ExecuteAsync(other, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'many'"));
    }

    private static async Task<long> ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync() ?? 0, CultureInfo.InvariantCulture);
    }
}
