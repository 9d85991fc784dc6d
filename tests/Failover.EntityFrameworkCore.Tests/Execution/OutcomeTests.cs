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
    public async Task Changes_that_the_caller_gives_up_while_they_are_committed_are_of_unknown_outcome()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        context.Orders.AddRange(new Order { Item = "given up" }, new Order { Item = "given up" });
        int process;
        await using (NpgsqlConnection holder = await one.HoldCommitsAsync())
        {
            using CancellationTokenSource giveUp = new();
            Task<int> saving = context.SaveChangesAsync(giveUp.Token);
            process = await one.WaitForBlockedAsync();
            await giveUp.CancelAsync();
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => saving);
        }

        await one.WaitForEndAsync(process);
        Assert.Equal(2, await one.CountAsync("given up"));
    }

    [ServerTheory("postgres")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_single_change_that_the_caller_gives_up_is_cancelled_where_the_server_may_be_asked_and_of_unknown_outcome_elsewhere(bool softCancel)
    {
        await one.ReadyAsync();
        FailoverDataSourceBuilder builder = new("cancel", one.ConnectionString);
        builder.Options.SoftCancel = softCancel;
        await using FailoverDataSource db = builder.Build();
        await using ShopContext context = new(new DbContextOptionsBuilder<ShopContext>().UseFailover(db).Options);
        string item = $"cancelled {softCancel}";
        context.Orders.Add(new Order { Item = item });
        int process;
        await using (NpgsqlConnection holder = await one.HoldOrdersAsync())
        {
            using CancellationTokenSource giveUp = new();
            Task<int> saving = context.SaveChangesAsync(giveUp.Token);
            process = await one.WaitForBlockedAsync();
            await giveUp.CancelAsync();
            Exception? exception = await Record.ExceptionAsync(() => saving);
            Assert.True(softCancel ? exception is OperationCanceledException : exception is OutcomeUnknownException, exception?.ToString());
        }

        if (!softCancel)
        {
            await one.WaitForEndAsync(process);
        }

        Assert.Equal(softCancel ? 0 : 1, await one.CountAsync(item));
    }

    [ServerFact("postgres")]
    public async Task What_something_else_in_a_block_failed_with_is_left_as_it_is_and_nothing_is_repeated()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        int calls = 0;
        int process;
        await using (NpgsqlConnection holder = await one.HoldOrdersAsync())
        {
            Task done = context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                calls++;
                await context.CountAsync("any");
                await using NpgsqlConnection raw = await one.Db.OpenConnectionAsync();
                await using NpgsqlCommand command = new("insert into \"Orders\" (\"Item\") values ('raw')", raw);
                Task inserting = command.ExecuteNonQueryAsync();
                await one.WaitForBlockedAsync();
                one.Db.Cluster.Nodes.Find(raw)!.Connections.Cut(raw);
                await inserting;
            });
            process = await one.WaitForBlockedAsync();
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => done);
        }

        await one.WaitForEndAsync(process);
        Assert.Equal((1, 1), (calls, await one.CountAsync("raw")));
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

    [ServerTheory("postgres")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sql_of_the_app_counts_as_a_query_only_where_linq_makes_one_of_it(bool composed)
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        IQueryable<Order> orders = context.Orders.FromSql($"select * from \"Orders\"");
        Task<List<Order>> reading;
        await using (NpgsqlConnection holder = await one.HoldOrdersAsync(readersToo: true))
        {
            reading = (composed ? orders.Where(order => order.Id < 0) : orders).ToListAsync();
            await one.WaitForBlockedAsync();
            Cut(context);
            if (!composed)
            {
                await Assert.ThrowsAsync<OutcomeUnknownException>(() => reading);
            }
        }

        if (composed)
        {
            Assert.Empty(await reading);
        }
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
        Assert.True(one.Db.Cluster.Nodes.Find(connection)!.Connections.Cut(connection));
    }
}
