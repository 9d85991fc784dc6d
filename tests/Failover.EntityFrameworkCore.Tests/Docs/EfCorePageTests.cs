using Failover.EntityFrameworkCore.Tests.Shop;
using Failover.PostgreSql;
using Failover.TestServers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Failover.EntityFrameworkCore.Tests.Docs;

/// <summary>What docs/efcore.md and the package's page show, run.</summary>
[Collection(OnOneServer.Name)]
public class EfCorePageTests(OneServer one)
{
    [ServerFact("postgres")]
    public async Task A_context_is_registered()
    {
        await one.ReadyAsync();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        string connectionString = one.ConnectionString;
        #region docs:register
        builder.Services.AddFailover()
            .AddPostgreSql("db", connectionString);           // Host=pg-a,pg-b,pg-c;Username=app;Database=shop
        builder.Services.AddDbContextPool<ShopContext>((services, options) => options
            .UseFailover(services.GetRequiredService<FailoverDataSource>()));
        #endregion
        using IHost host = builder.Build();
        await host.StartAsync();
        await using AsyncServiceScope scope = host.Services.CreateAsyncScope();

        Assert.Equal(0, await scope.ServiceProvider.GetRequiredService<ShopContext>().CountAsync("page"));
        await host.StopAsync();
    }

    [ServerFact("postgres")]
    public async Task More_is_said()
    {
        await one.ReadyAsync();
        DbContextOptionsBuilder<ShopContext> options = new();
        FailoverDataSource dataSource = one.Db;
        #region docs:options
        options.UseFailover(
            dataSource,
            new FailoverContextOptions { ConflictRepeats = 3 },     // 40001 and 40P01, too: not by default
            npgsql => npgsql.CommandTimeout(10));
        #endregion
        await using ShopContext context = new(options.Options);

        Assert.Equal(10, context.Database.GetCommandTimeout());
    }

    [ServerFact("postgres")]
    public async Task A_save_of_unknown_outcome_is_looked_at()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        string number = Guid.NewGuid().ToString();
        int process;
        await using (NpgsqlConnection holder = await one.HoldCommitsAsync())
        {
            context.Orders.Add(new Order { Item = "two make a transaction" });
            Task<string> placing = PlaceAsync(context, number, CancellationToken.None);
            process = await one.WaitForBlockedAsync();
            var connection = (NpgsqlConnection)context.Database.GetDbConnection();
            one.Db.Cluster.Nodes.Find(connection)!.Connections.Cut(connection);
            Assert.Equal("not known yet", await placing);
        }

        await one.WaitForEndAsync(process);
        Assert.Equal(1, await context.CountAsync(number));
    }

    [ServerFact("postgres")]
    public async Task A_block_is_repeated_as_a_whole()
    {
        await one.ReadyAsync();
        IDbContextFactory<ShopContext> contexts = new Contexts(one);
        CancellationToken cancellationToken = CancellationToken.None;
        #region docs:block
        await using ShopContext outer = await contexts.CreateDbContextAsync(cancellationToken);
        await outer.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            outer.ChangeTracker.Clear();                                   // each attempt begins anew
            await using IDbContextTransaction transaction = await outer.Database.BeginTransactionAsync(token);
            outer.Orders.Add(new Order { Item = "book" });
            await outer.SaveChangesAsync(token);
            await outer.Orders.Where(order => order.Item == "draft").ExecuteDeleteAsync(token);
            await transaction.CommitAsync(token);
        }, cancellationToken);
        #endregion

        Assert.Equal(1, await one.CountAsync("book"));
    }

    #region docs:unknown
    private static async Task<string> PlaceAsync(ShopContext context, string number, CancellationToken cancellationToken)
    {
        context.Orders.Add(new Order { Item = number });      // a number that the app has made: the order can be looked for by it
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return "placed";
        }
        catch (OutcomeUnknownException)
        {
            return "not known yet";                           // never "failed", and never a second attempt
        }
    }
    #endregion

    private sealed class Contexts(OneServer one) : IDbContextFactory<ShopContext>
    {
        public ShopContext CreateDbContext() => one.Context();
    }
}
