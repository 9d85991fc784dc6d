using System.Transactions;
using Failover.EntityFrameworkCore.Tests.Shop;
using Failover.PostgreSql;
using Failover.TestServers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Failover.EntityFrameworkCore.Tests.Following;

/// <summary>What works with UseNpgsql works with UseFailover.</summary>
[Collection(OnOneServer.Name)]
public class OneServerTests(OneServer one)
{
    [ServerFact("postgres")]
    public async Task A_context_saves_queries_and_keeps_its_connection()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        context.Orders.AddRange(new Order { Item = "kept" }, new Order { Item = "kept" });
        await context.SaveChangesAsync();
        context.Orders.Add(new Order { Item = "kept" });
        context.SaveChanges();

        Assert.Equal(3, context.Orders.AsNoTracking().Count(order => order.Item == "kept"));
        Assert.Equal(3, await context.Database.ExecuteSqlAsync($"update \"Orders\" set \"Item\" = 'sold' where \"Item\" = 'kept'"));
        Assert.Equal(3, await context.Orders.Where(order => order.Item == "sold").ExecuteDeleteAsync());
        Assert.Same(connection, context.Database.GetDbConnection());
        Assert.Equal(System.Data.ConnectionState.Closed, connection.State);
    }

    [ServerTheory("postgres")]
    [InlineData("context")]
    [InlineData("pool")]
    [InlineData("factory")]
    [InlineData("pooled factory")]
    public async Task It_works_with_every_way_to_register_a_context(string way)
    {
        await one.ReadyAsync();
        ServiceCollection services = new();
        services.AddFailover().AddPostgreSql("db", one.ConnectionString);
        static void Configure(IServiceProvider services, DbContextOptionsBuilder options) => options.UseFailover(services.GetRequiredService<FailoverDataSource>());
        _ = way switch
        {
            "context" => services.AddDbContext<ShopContext>(Configure),
            "pool" => services.AddDbContextPool<ShopContext>(Configure),
            "factory" => services.AddDbContextFactory<ShopContext>(Configure),
            _ => services.AddPooledDbContextFactory<ShopContext>(Configure),
        };
        await using ServiceProvider provider = services.BuildServiceProvider();
        string item = $"by {way}";
        for (int i = 1; i <= 3; i++)
        {
            await using AsyncServiceScope scope = provider.CreateAsyncScope();
            await using ShopContext context = way == "pooled factory"
                ? scope.ServiceProvider.GetRequiredService<IDbContextFactory<ShopContext>>().CreateDbContext()
                : scope.ServiceProvider.GetRequiredService<ShopContext>();
            context.Orders.Add(new Order { Item = item });
            await context.SaveChangesAsync();
            Assert.Equal(i, await context.CountAsync(item));
        }
    }

    [ServerFact("postgres")]
    public async Task Interceptors_of_the_app_see_all_that_they_saw_before()
    {
        Seen seen = new();
        await using ShopContext context = (await one.ReadyAsync()).Context(options => options.AddInterceptors(seen));
        context.Orders.AddRange(new Order { Item = "seen" }, new Order { Item = "seen" });
        await context.SaveChangesAsync();

        // The first opening is that of the app's own EF Core; each is told once.
        Assert.Equal(["opening", "opened Open", "reader", "committing", "committed"], seen.Events);
    }

    [ServerFact("postgres")]
    public async Task A_transaction_of_the_app_needs_no_change()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        await using (IDbContextTransaction transaction = await context.Database.BeginTransactionAsync())
        {
            context.Orders.Add(new Order { Item = "whole" });
            await context.SaveChangesAsync();
            await transaction.CreateSavepointAsync("half");
            context.Orders.Add(new Order { Item = "half" });
            await context.SaveChangesAsync();
            await transaction.RollbackToSavepointAsync("half");
            await transaction.CommitAsync();
        }

        using (IDbContextTransaction transaction = context.Database.BeginTransaction())
        {
            context.Orders.Add(new Order { Item = "none" });
            context.SaveChanges();
        }

        Assert.Equal((1, 0, 0), (await one.CountAsync("whole"), await one.CountAsync("half"), await one.CountAsync("none")));
    }

    [ServerTheory("postgres")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_ambient_transaction_is_joined(bool complete)
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        string item = $"ambient {complete}";
        using (TransactionScope scope = new(TransactionScopeAsyncFlowOption.Enabled))
        {
            context.Orders.Add(new Order { Item = item });
            await context.SaveChangesAsync();
            Assert.Equal(1, await context.Orders.CountAsync(order => order.Item == item));
            if (complete)
            {
                scope.Complete();
            }
        }

        Assert.Equal(complete ? 1 : 0, await one.CountAsync(item));
    }

    [ServerFact("postgres")]
    public async Task A_connection_that_the_app_gives_the_context_is_left_alone()
    {
        await one.ReadyAsync();
        await using NpgsqlConnection own = new(one.ConnectionString);
        await using ShopContext context = one.Context();
        context.Database.SetDbConnection(own);
        await context.CountAsync("any");

        Assert.Same(own, context.Database.GetDbConnection());
    }

    [ServerFact("postgres")]
    public async Task Whether_the_database_can_be_used_is_asked_of_the_primary()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();

        Assert.True(await context.Database.CanConnectAsync());
        Assert.True(context.Database.CanConnect());
        Assert.False(await context.Database.EnsureCreatedAsync());
        Assert.Equal(System.Data.ConnectionState.Closed, context.Database.GetDbConnection().State);
    }

    [ServerFact("postgres")]
    public async Task A_database_is_dropped_over_a_connection_to_another_one()
    {
        await one.ReadyAsync();
        await one.AsideAsync("create database gone");
        await using FailoverDataSource db = new FailoverDataSourceBuilder("gone", new NpgsqlConnectionStringBuilder(one.ConnectionString) { Database = "gone" }.ConnectionString).Build();
        await using ShopContext context = new(new DbContextOptionsBuilder<ShopContext>().UseFailover(db).Options);

        Assert.True(await context.Database.EnsureCreatedAsync());
        Assert.True(await context.Database.EnsureDeletedAsync());
        Assert.Equal(0, await one.AsideAsync<long>("select count(*) from pg_database where datname = 'gone'"));
    }
}
