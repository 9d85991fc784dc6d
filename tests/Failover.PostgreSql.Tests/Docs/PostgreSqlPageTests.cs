using Dapper;
using Failover.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Failover.PostgreSql.Tests.Docs;

/// <summary>What docs/postgresql.md and the package's page show, run.</summary>
public sealed class PostgreSqlPageTests(OneServer one) : IClassFixture<OneServer>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // The server ends the session of an order of «lost» while it commits.
    private const string Table = """
        drop table if exists orders;
        create table orders (number text primary key);
        create or replace function lose() returns trigger language plpgsql as $$ begin
            if new.number like 'lost%' then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(30); end if;
            return null;
        end $$;
        create constraint trigger lose after insert on orders deferrable initially deferred for each row execute function lose();
        """;

    [ServerFact("postgres", "setpriv")]
    public async Task A_data_source_is_registered_and_used()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        string connectionString = (await one.StartedAsync()).ConnectionString;
        #region docs:register
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddPostgreSql("db", connectionString);           // Host=pg-a,pg-b,pg-c;Username=app;Database=shop
        builder.Services.AddSingleton<Orders>();
        #endregion
        using IHost host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);
        await using (NpgsqlConnection connection = await host.Services.GetRequiredService<FailoverDataSource>().OpenConnectionAsync().AsTask().WaitAsync(Limit))
        {
            await connection.ExecuteAsync(Table);
        }

        Orders orders = host.Services.GetRequiredService<Orders>();

        await orders.PlaceAsync("one", default).WaitAsync(Limit);
        Assert.Equal(1, await orders.CountAsync(default).WaitAsync(Limit));
        Assert.Equal(["one"], await orders.ListAsync(default).WaitAsync(Limit));

        Assert.Equal("placed", await orders.TryPlaceAsync("two", default).WaitAsync(Limit));
        Assert.Equal("not known yet", await orders.TryPlaceAsync("lost", default).WaitAsync(Limit));
        Assert.Equal(["one", "two"], (await orders.ListAsync(default).WaitAsync(Limit)).Order());
        await host.StopAsync().WaitAsync(Limit);
    }

    [ServerFact("postgres", "setpriv")]
    public async Task A_gate_is_registered_over_a_group_and_a_lease_is_taken_without_a_container()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        string connectionString = (await one.StartedAsync()).ConnectionString;
        #region docs:gate
        builder.Services.AddFailover(builder.Configuration.GetSection("Failover"))
            .AddPostgreSql("db", connectionString)
            .AddPrimaryGate("nightly", gate => gate.UsePostgreSql("db"));         // its table: failover_leases
        #endregion
        using IHost host = builder.Build();
        await host.StartAsync().WaitAsync(Limit);
        FailoverDataSource db = host.Services.GetRequiredService<FailoverDataSource>();
        await using (PrimaryScope scope = await host.Services.GetRequiredKeyedService<IPrimaryGate>("nightly").WaitForPrimaryAsync(default).AsTask().WaitAsync(Limit))
        {
            Assert.True(scope.IsPrimary);
            Assert.False(await ReportAsync(db, default).WaitAsync(Limit));
        }

        Assert.True(await ReportAsync(db, default).WaitAsync(Limit));
        await host.StopAsync().WaitAsync(Limit);
    }

    [Fact]
    public void A_gate_over_no_group_and_a_table_that_is_none_are_told()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        IFailoverBuilder failover = builder.Services.AddFailover().AddPrimaryGate("nightly", static gate => gate.UsePostgreSql("db"));
        using IHost host = builder.Build();

        OptionsValidationException missing = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredKeyedService<IPrimaryGate>("nightly"));
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => failover.AddPrimaryGate("weekly", static gate => gate.UsePostgreSql("db", static options => options.Table = "a b")));

        Assert.StartsWith("The lease of 'nightly' uses the failover group 'db', which is not there", missing.Message, StringComparison.Ordinal);
        Assert.Contains("PostgreSqlLeaseOptions:Table (a b)", refused.Message, StringComparison.Ordinal);
    }

    #region docs:lease
    private static async Task<bool> ReportAsync(FailoverDataSource db, CancellationToken cancellationToken)
    {
        await using PostgreSqlLeaseStore store = new(db);            // keep it, where there is more than one lease
        LeaseArbiter arbiter = new(store, new LeaseOptions { Duration = TimeSpan.FromSeconds(30) });
        await using ILease? lease = await arbiter.TryAcquireAsync("nightly", cancellationToken);
        if (lease is null)
        {
            return false;           // another does it
        }

        // … with lease.Token, until lease.Lost
        return true;
    }
    #endregion

    private sealed class Orders(FailoverDataSource db)
    {
        #region docs:transaction
        private static readonly ExecuteOptions Placing = new() { IsRepeatable = true, Timeout = TimeSpan.FromSeconds(10) };

        public Task PlaceAsync(string number, CancellationToken cancellationToken) => db.ExecuteTransactionAsync(
            async (connection, transaction, token) =>
            {
                await using NpgsqlCommand insert = new("insert into orders values (@number)", connection, transaction);
                insert.Parameters.AddWithValue("number", number);
                await insert.ExecuteNonQueryAsync(token);
            },
            Placing,
            cancellationToken);
        #endregion

        #region docs:open
        public async Task<long> CountAsync(CancellationToken cancellationToken)
        {
            await using NpgsqlConnection connection = await db.OpenConnectionAsync(cancellationToken);      // a real one of Npgsql's
            await using NpgsqlCommand count = new("select count(*) from orders", connection);
            return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        }
        #endregion

        #region docs:dapper
        public async Task<IEnumerable<string>> ListAsync(CancellationToken cancellationToken)
        {
            await using NpgsqlConnection connection = await db.ForReads(TimeSpan.FromSeconds(2)).OpenConnectionAsync(cancellationToken);
            return await connection.QueryAsync<string>(new CommandDefinition("select number from orders", cancellationToken: cancellationToken));
        }
        #endregion

        #region docs:unknown
        public async Task<string> TryPlaceAsync(string number, CancellationToken cancellationToken)
        {
            try
            {
                await PlaceAsync(number, cancellationToken);
                return "placed";
            }
            catch (OutcomeUnknownException)
            {
                return "not known yet";         // look for the number before it is placed again
            }
            catch (FailoverException)
            {
                return "not placed";            // NotExecutedException, PrimaryUnavailableException: try again later
            }
        }
        #endregion
    }
}
