using Failover.EntityFrameworkCore.Tests.Shop;
using Failover.PostgreSql;
using Failover.TestServers;
using Failover.TestServers.Patroni;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Failover.EntityFrameworkCore.Tests.Following;

/// <summary>Contexts live across a failover of a real cluster.</summary>
[Collection(OnPatroni.Name)]
public class FailoverTests(SharedPatroni shared)
{
    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task One_context_lives_across_a_crash_and_its_query_in_flight_is_asked_again()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        await using FailoverDataSource db = new FailoverDataSourceBuilder("db", cluster.ConnectionString).Build();
        Seen seen = new();
        DbContextOptions<ShopContext> options = new DbContextOptionsBuilder<ShopContext>().UseFailover(db).AddInterceptors(seen).Options;
        await using ShopContext context = new(options);
        await context.Database.EnsureCreatedAsync();
        context.Database.SetCommandTimeout(77);
        context.Orders.Add(new Order { Item = "before" });
        await context.SaveChangesAsync();

        // Others: one that will make a command before it opens its connection, one whose connection the app has opened, one out of a pool, one with a transaction.
        await using ShopContext commands = new(options);
        await commands.Database.ExecuteSqlAsync($"select 1");
        await using ShopContext opened = new(options);
        await opened.Database.OpenConnectionAsync();
        await using ServiceProvider services = new ServiceCollection().AddDbContextPool<ShopContext>(pooled => pooled.UseFailover(db), poolSize: 1).BuildServiceProvider();
        await InPoolAsync(services);
        await using ShopContext inTransaction = new(options);
        await using IDbContextTransaction transaction = await inTransaction.Database.BeginTransactionAsync();
        await inTransaction.Database.ExecuteSqlAsync($"create table lost (id int)");
        Assert.Equal(old.PostgreSqlPort, await PortOfAsync(context));

        seen.Events.Clear();
        Task<int> counting;
        await using (NpgsqlConnection holder = new($"{old.ConnectionString};Pooling=false"))
        {
            await holder.OpenAsync();
            await RunAsync(holder, "begin; lock table \"Orders\"");
            counting = context.CountAsync("before");
            await WaitForBlockedAsync(old);
            await old.KillAsync();
        }

        Assert.Equal(1, await counting);
        Assert.Equal(2, seen.Commands);
        context.Orders.Add(new Order { Item = "after" });
        context.SaveChanges();
        Assert.Equal(1, await context.CountAsync("after"));
        Assert.NotEqual(old.PostgreSqlPort, await PortOfAsync(context));
        Assert.Equal(77, context.Database.GetCommandTimeout());

        Assert.Equal(2, await commands.Database.ExecuteSqlAsync($"update \"Orders\" set \"Item\" = \"Item\""));
        commands.Database.Migrate();
        Assert.False(commands.Database.EnsureCreated());
        Assert.NotEqual(old.PostgreSqlPort, await PortOfAsync(commands));
        Assert.Equal(2, await InPoolAsync(services));

        // What the app has opened ends with its session: a command that fails on it is not repeated, and those after it are on the new primary.
        await Assert.ThrowsAsync<NotExecutedException>(() => opened.Orders.CountAsync());
        Assert.Equal(2, await opened.Orders.CountAsync());
        await Assert.ThrowsAsync<NotExecutedException>(() => transaction.CommitAsync());
        Assert.True(await context.Database.SqlQuery<bool>($"select to_regclass('lost') is null as \"Value\"").SingleAsync());
    }

    [ServerFact("patroni", "etcd", "postgres", "setpriv")]
    public async Task A_save_whose_commit_was_in_flight_when_the_primary_froze_is_of_unknown_outcome_and_not_repeated()
    {
        PatroniCluster cluster = await shared.HealthyAsync();
        PatroniNode old = await cluster.WaitForPrimaryAsync();
        await using FailoverDataSource db = new FailoverDataSourceBuilder("db", cluster.ConnectionString).Build();
        Seen seen = new();
        await using ShopContext context = new(new DbContextOptionsBuilder<ShopContext>().UseFailover(db).AddInterceptors(seen).Options);
        await context.Database.EnsureCreatedAsync();
        await using NpgsqlConnection holder = new($"{old.ConnectionString};Pooling=false");
        await holder.OpenAsync();
        await RunAsync(holder, $"{HeldCommits.Sql} select pg_advisory_lock(1)");

        context.Orders.AddRange(new Order { Item = "frozen" }, new Order { Item = "frozen" });
        seen.Events.Clear();
        Task<int> saving = context.SaveChangesAsync();
        await WaitForBlockedAsync(old);
        old.Freeze();

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => saving);
        Assert.Equal(["opening", "opened Open", "reader", "committing", "failed"], seen.Events);

        // On the new primary: none of them, since the commit had not happened; a repetition would show.
        Assert.Equal(0, await context.CountAsync("frozen"));
        Assert.NotEqual(old.PostgreSqlPort, await PortOfAsync(context));
    }

    private static async Task<int> InPoolAsync(ServiceProvider services)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ShopContext>().Orders.CountAsync();
    }

    private static Task<int> PortOfAsync(ShopContext context) => context.Database.SqlQuery<int>($"select inet_server_port() as \"Value\"").SingleAsync();

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task WaitForBlockedAsync(PatroniNode node)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        await using NpgsqlConnection look = new(node.SuperuserConnectionString);
        await look.OpenAsync(limit.Token);
        await using NpgsqlCommand command = new("select count(*) from pg_stat_activity where wait_event_type = 'Lock'", look);
        while ((long)(await command.ExecuteScalarAsync(limit.Token))! == 0)
        {
        }
    }
}
