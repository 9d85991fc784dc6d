using Failover.EntityFrameworkCore.Tests.Shop;
using Failover.PostgreSql;
using Failover.TestServers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Failover.EntityFrameworkCore.Tests.Execution;

/// <summary>A write of unknown outcome is told, once, and never repeated. The connection is cut while the server goes on: it commits in the end, so a repetition would show as a second row.</summary>
[Collection(OnOneServer.Name)]
public class OutcomeTests(OneServer one)
{
    [ServerTheory("postgres")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_in_flight_is_of_unknown_outcome(bool async)
    {
        Seen seen = new();
        await using ShopContext context = (await one.ReadyAsync()).Context(options => options.AddInterceptors(seen));
        string item = $"commit {async}";
        context.Orders.AddRange(new Order { Item = item }, new Order { Item = item });
        int process;
        await using (NpgsqlConnection holder = await one.HoldCommitsAsync())
        {
            Task<int> saving = async ? context.SaveChangesAsync() : Task.Run(() => context.SaveChanges());
            process = await one.WaitForBlockedAsync();
            Cut(context);
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => saving);
        }

        await one.WaitForEndAsync(process);
        Assert.Equal(2, await one.CountAsync(item));
        Assert.Equal(async ? ["opening", "opened Open", "reader", "committing", "failed"] : [], seen.Events);
    }

    [ServerFact("postgres")]
    public async Task A_single_change_in_flight_which_has_no_transaction_is_of_unknown_outcome()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        context.Orders.Add(new Order { Item = "single" });
        int process;
        await using (NpgsqlConnection holder = await one.HoldOrdersAsync())
        {
            Task<int> saving = context.SaveChangesAsync();
            process = await one.WaitForBlockedAsync();
            Cut(context);
            OutcomeUnknownException exception = await Assert.ThrowsAsync<OutcomeUnknownException>(() => saving);
            Assert.IsType<DbUpdateException>(exception.InnerException);
        }

        await one.WaitForEndAsync(process);
        Assert.Equal(1, await one.CountAsync("single"));
    }

    [ServerFact("postgres")]
    public async Task A_bulk_change_in_flight_is_of_unknown_outcome()
    {
        await one.ReadyAsync();
        await one.AsideAsync("insert into \"Orders\" (\"Item\") values ('bulk')");
        await using ShopContext context = one.Context();
        int process;
        await using (NpgsqlConnection holder = await one.HoldOrdersAsync())
        {
            Task<int> updating = context.Orders.Where(order => order.Item == "bulk").ExecuteUpdateAsync(set => set.SetProperty(order => order.Item, order => order.Item + "!"));
            process = await one.WaitForBlockedAsync();
            Cut(context);
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => updating);
        }

        await one.WaitForEndAsync(process);
        Assert.Equal(1, await one.CountAsync("bulk!"));
    }

    [ServerFact("postgres")]
    public async Task The_commit_of_a_transaction_of_the_app_is_told_in_the_same_way()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        await using NpgsqlConnection holder = await one.HoldCommitsAsync();
        await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync();
        context.Orders.Add(new Order { Item = "own commit" });
        await context.SaveChangesAsync();
        Task committing = transaction.CommitAsync();
        await one.WaitForBlockedAsync();
        Cut(context);

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => committing);
    }

    [ServerFact("postgres")]
    public async Task A_commit_that_was_not_sent_was_not_executed()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync();
        context.Orders.Add(new Order { Item = "unsent" });
        await context.SaveChangesAsync();
        Cut(context);

        await Assert.ThrowsAsync<NotExecutedException>(() => transaction.CommitAsync());
    }

    [ServerFact("postgres")]
    public async Task A_block_of_which_a_part_was_committed_is_not_repeated()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        int calls = 0;
        Task done = context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            calls++;
            context.Orders.Add(new Order { Item = "part" });
            await context.SaveChangesAsync();
            await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync();
            context.Orders.Add(new Order { Item = "part" });
            await context.SaveChangesAsync();
            Cut(context);
            await transaction.CommitAsync();
        });

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => done);
        Assert.Equal((1, 1), (calls, await one.CountAsync("part")));
    }

    [ServerTheory("postgres")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_apps_own_check_settles_what_is_not_known_and_a_no_repeats_nothing(bool found)
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        string item = $"checked {found}";
        int calls = 0;
        Exception? exception;
        int process;
        await using (NpgsqlConnection holder = await one.HoldCommitsAsync())
        {
            context.Orders.Add(new Order { Item = item });
            Task done = context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
                async token =>
                {
                    calls++;
                    await context.SaveChangesAsync(acceptAllChangesOnSuccess: false, token);
                },
                _ => Task.FromResult(found));
            process = await one.WaitForBlockedAsync();
            Cut(context);
            exception = await Record.ExceptionAsync(() => done);
        }

        await one.WaitForEndAsync(process);
        Assert.Equal(found, exception is null);
        Assert.True(found || exception is OutcomeUnknownException, exception?.ToString());
        Assert.Equal((1, 1), (calls, await one.CountAsync(item)));
    }

    private void Cut(ShopContext context)
    {
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        Assert.True(one.Db.Cluster.Nodes.Of(connection).Connections.Cut(connection));
    }
}
