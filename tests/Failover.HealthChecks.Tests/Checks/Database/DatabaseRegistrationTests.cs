using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Failover.HealthChecks.Tests.Checks.Database;

public sealed class DatabaseRegistrationTests
{
    // Nobody listens there.
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=app;Password=hush-7";

    [Fact]
    public async Task The_data_source_is_asked_for_once_by_whatever_way_it_is_given()
    {
        int made = 0;
        NpgsqlDataSource Make()
        {
            made++;
            return NpgsqlDataSource.Create(Nowhere);
        }

        Action<IHealthChecksBuilder>[] ways =
        [
            checks => checks.AddDatabase("db"),
            checks => checks.AddKeyedDatabase("db", "orders"),
            checks => checks.AddDatabase("db", services => services.GetRequiredKeyedService<System.Data.Common.DbDataSource>("orders")),
            checks => checks.AddDatabase("db", (IServiceProvider _) => Make()),
        ];
        foreach (Action<IHealthChecksBuilder> way in ways)
        {
            made = 0;
            await using Checked check = Checked.With(way, services =>
            {
                services.AddSingleton<System.Data.Common.DbDataSource>(_ => Make());
                services.AddKeyedSingleton<System.Data.Common.DbDataSource>("orders", (_, _) => Make());
            });
            Assert.Equal(0, made);
            await check.RunAsync();
            HealthCheckResult result = await check.RunAsync();

            Assert.Equal(1, made);
            Assert.Equal(SocketError.ConnectionRefused, result.Data["socketError"]);
        }
    }

    [Fact]
    public void It_is_shared_and_critical_unless_something_else_is_said()
    {
        using NpgsqlDataSource source = NpgsqlDataSource.Create(Nowhere);
        HealthCheckRegistration plain = Checked.With(checks => checks.AddDatabase("db", source)).Registration;
        HealthCheckRegistration own = Checked.With(checks => checks.AddDatabase("db", source, static _ => { }, HealthStatus.Degraded, ["sql", "LOCAL"])).Registration;

        Assert.Equal(("db", HealthStatus.Unhealthy), (plain.Name, plain.FailureStatus));
        Assert.Equal(["shared"], plain.Tags);
        Assert.Equal(HealthStatus.Degraded, own.FailureStatus);
        Assert.Equal(["LOCAL", "sql"], own.Tags.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Options_that_are_not_allowed_are_refused_at_once_all_of_them_with_the_name_of_the_check()
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Checked.With(checks => checks.AddDatabase("orders", options => (options.Query, options.Write) = ("", " "))));

        Assert.Equal(
            ["Health check 'orders':Query () must be a query, like SELECT 1.", "Health check 'orders':Write ( ) must be a statement that writes, or null for none."],
            refused.Failures);
    }
}
