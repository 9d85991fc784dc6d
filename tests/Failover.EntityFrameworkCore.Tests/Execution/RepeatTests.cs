using Failover.EntityFrameworkCore.Tests.Shop;
using Failover.PostgreSql;
using Failover.TestServers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Failover.EntityFrameworkCore.Tests.Execution;

/// <summary>What is done again, and what is not, when a session ends under it.</summary>
[Collection(OnOneServer.Name)]
public class RepeatTests(OneServer one)
{
    [ServerFact("postgres")]
    public async Task A_query_whose_session_ends_is_asked_again()
    {
        Seen seen = new();
        await using ShopContext context = (await one.ReadyAsync()).Context(options => options.AddInterceptors(seen));
        Task<int> counting;
        await using (NpgsqlConnection holder = await one.HoldOrdersAsync(readersToo: true))
        {
            counting = context.CountAsync("nothing");
            await EndAsync(await one.WaitForBlockedAsync());
            await one.WaitForBlockedAsync();
        }

        Assert.Equal(0, await counting);
        Assert.Equal(2, seen.Commands);
    }

    [ServerFact("postgres")]
    public async Task A_query_is_not_asked_again_where_that_is_not_wanted()
    {
        Seen seen = new();
        await using ShopContext context = (await one.ReadyAsync()).Context(options => options.AddInterceptors(seen), new FailoverContextOptions { RepeatQueries = false });
        await using NpgsqlConnection holder = await one.HoldOrdersAsync(readersToo: true);
        Task<int> counting = context.CountAsync("nothing");
        await EndAsync(await one.WaitForBlockedAsync());

        await Assert.ThrowsAsync<PostgresException>(() => counting);
        Assert.Equal(1, seen.Commands);
    }

    [ServerTheory("postgres")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changes_are_saved_again_when_their_session_ends_before_the_commit(bool async)
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        string item = $"again {async}";
        context.Orders.AddRange(new Order { Item = item }, new Order { Item = item });
        Task<int> saving;
        await using (NpgsqlConnection holder = await one.HoldOrdersAsync())
        {
            saving = async ? context.SaveChangesAsync() : Task.Run(() => context.SaveChanges());
            await EndAsync(await one.WaitForBlockedAsync());
            await one.WaitForBlockedAsync();
        }

        Assert.Equal(2, await saving);
        Assert.Equal(2, await one.CountAsync(item));
    }

    [ServerFact("postgres")]
    public async Task A_transaction_of_the_app_is_never_repeated_and_the_context_goes_on()
    {
        Seen seen = new();
        await using ShopContext context = (await one.ReadyAsync()).Context(options => options.AddInterceptors(seen));
        await using (IDbContextTransaction transaction = await context.Database.BeginTransactionAsync())
        {
            context.Orders.Add(new Order { Item = "theirs" });
            await using (NpgsqlConnection holder = await one.HoldOrdersAsync())
            {
                Task<int> saving = context.SaveChangesAsync();
                await EndAsync(await one.WaitForBlockedAsync());
                await Assert.ThrowsAsync<NotExecutedException>(() => saving);
            }

            Assert.Equal(1, seen.Commands);
        }

        Assert.Equal(1, await context.SaveChangesAsync());
        Assert.Equal(1, await one.CountAsync("theirs"));
    }

    [ServerFact("postgres")]
    public async Task A_block_with_a_transaction_is_repeated_as_a_whole_by_the_strategy()
    {
        await using ShopContext context = (await one.ReadyAsync()).Context();
        int calls = 0;
        Task done;
        await using (NpgsqlConnection holder = await one.HoldOrdersAsync())
        {
            done = context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                calls++;
                context.ChangeTracker.Clear();
                await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync();
                context.Orders.Add(new Order { Item = "block" });
                await context.SaveChangesAsync();
                await transaction.CommitAsync();
            });
            await EndAsync(await one.WaitForBlockedAsync());
            await one.WaitForBlockedAsync();
        }

        await done;
        Assert.Equal((2, 1), (calls, await one.CountAsync("block")));
    }

    [ServerTheory("postgres")]
    [InlineData("first", 0)]
    [InlineData("both", 2)]
    public async Task Conflicts_are_repeated_only_where_that_is_asked_for(string item, int repeats)
    {
        await using ShopContext context = (await one.ReadyAsync()).Context(failover: new FailoverContextOptions { ConflictRepeats = repeats });
        await one.AsideAsync(
            """
            drop sequence if exists tries;
            create sequence tries;
            create or replace function conflict() returns trigger language plpgsql as $$ begin if nextval('tries') = 1 then raise exception 'busy' using errcode = '40001'; end if; return new; end $$;
            create or replace trigger conflict before insert on "Orders" for each row execute function conflict();
            """);
        try
        {
            context.Orders.Add(new Order { Item = item });
            Exception? exception = await Record.ExceptionAsync(() => context.SaveChangesAsync());

            Assert.Equal(repeats == 0, exception is DbUpdateException { InnerException: PostgresException { SqlState: "40001" } });
            Assert.Equal(repeats == 0 ? 0 : 1, await one.CountAsync(item));
        }
        finally
        {
            await one.AsideAsync("drop trigger conflict on \"Orders\"");
        }
    }

    private Task<bool> EndAsync(int process) => one.AsideAsync<bool>($"select pg_terminate_backend({process}, 30000)");
}
