using StackExchange.Redis;

namespace Failover.Redis.Tests.Execution;

public class RedisExecutorTests
{
    private static readonly RedisExecuteOptions Once = new();
    private static readonly RedisExecuteOptions Repeatable = new() { IsRepeatable = true };
    private static readonly RedisExecuteOptions Idempotent = new() { IsIdempotent = true };

    private static readonly RedisServerException ReadOnly = new(RedisErrorKind.ReadOnly, CommandFlags.None, "READONLY You can't write against a read only replica.");
    private static readonly RedisServerException WrongType = new(RedisErrorKind.WrongType, CommandFlags.None, "WRONGTYPE Operation against a key holding the wrong kind of value");
    private static readonly RedisConnectionException Cut = new(ConnectionFailureType.SocketClosed, CommandFlags.None, "cut", null, CommandStatus.Sent);
    private static readonly RedisTimeoutException Late = new(CommandFlags.None, "late", CommandStatus.Sent);

    [Fact]
    public async Task Work_gives_back_what_it_found_and_is_called_once()
    {
        await using Executing executing = await new Executing().SettledAsync();

        Assert.Equal(1, await executing.RunAsync(Once));
        Assert.Equal((1, 0), (executing.Calls, executing.Looks));
    }

    [Fact]
    public async Task Without_leave_nothing_is_done_again_and_the_caller_is_told_whether_it_may_be()
    {
        await using Executing executing = await new Executing().SettledAsync();

        Assert.Same(ReadOnly, (await Assert.ThrowsAsync<RedisNotExecutedException>(() => executing.RunAsync(Once, ReadOnly))).InnerException);
        Assert.Same(Cut, (await Assert.ThrowsAsync<RedisOutcomeUnknownException>(() => executing.RunAsync(Once, null!, Cut))).InnerException);
        Assert.Same(Late, (await Assert.ThrowsAsync<RedisOutcomeUnknownException>(() => executing.RunAsync(Once, null!, null!, Late))).InnerException);
        Assert.Equal(3, executing.Calls);
        Assert.True(executing.Looks > 0);
    }

    [Fact]
    public async Task What_was_not_executed_is_done_again_with_leave_and_what_may_have_been_only_where_twice_is_as_good_as_once()
    {
        await using Executing repeatable = await new Executing().SettledAsync();
        Assert.Equal(3, await repeatable.RunAsync(Repeatable, ReadOnly, ReadOnly));

        await using Executing unknown = await new Executing().SettledAsync();
        await Assert.ThrowsAsync<RedisOutcomeUnknownException>(() => unknown.RunAsync(Repeatable, ReadOnly, Cut, ReadOnly));
        Assert.Equal(2, unknown.Calls);

        await using Executing idempotent = await new Executing().SettledAsync();
        Assert.Equal(5, await idempotent.RunAsync(Idempotent, ReadOnly, Cut, Late, ReadOnly));
    }

    [Fact]
    public async Task What_the_server_says_no_to_and_what_the_work_itself_throws_comes_through_as_it_is_and_is_no_reason_to_look()
    {
        foreach (Exception theirs in (Exception[])[WrongType, new InvalidOperationException("mine"), new TimeoutException("mine"), new ObjectDisposedException("mine"), new OperationCanceledException("mine"), new RedisNotExecutedException("inner", null)])
        {
            await using Executing executing = await new Executing().SettledAsync();
            Assert.Same(theirs, await Record.ExceptionAsync(() => executing.RunAsync(Idempotent, theirs)));
            Assert.Equal((1, 0), (executing.Calls, executing.Looks));
        }
    }

    [Fact]
    public async Task Work_that_throws_before_it_returns_a_task_is_judged_too()
    {
        await using Executing executing = await new Executing().SettledAsync();

        await Assert.ThrowsAsync<RedisNotExecutedException>(() => executing.RunAsync(_ => throw ReadOnly, Once, CancellationToken.None));
    }

    [Fact]
    public async Task Repeating_has_an_end_and_what_may_have_been_executed_once_is_not_told_as_not_executed_then()
    {
        await using Executing executing = await new Executing(maxWait: TimeSpan.FromSeconds(1)).SettledAsync();

        await Assert.ThrowsAsync<RedisNotExecutedException>(() => executing.RunAsync(_ => Task.FromException<int>(ReadOnly), Repeatable, CancellationToken.None));
        Assert.True(executing.Calls > 1);
        int before = executing.Calls;
        RedisOutcomeUnknownException told = await Assert.ThrowsAsync<RedisOutcomeUnknownException>(() => executing.RunAsync(_ => Task.FromException<int>(executing.Calls == before + 1 ? Cut : ReadOnly), Idempotent, CancellationToken.None));
        Assert.Same(Cut, told.InnerException);
        Assert.True(executing.Calls > before + 1);
    }

    [Fact]
    public async Task Work_waits_for_the_next_master()
    {
        await using Executing executing = await new Executing().SettledAsync();
        executing.Says = MemberRole.Replica;
        await executing.WaitAsync(GroupCondition.Switching);
        Task<int> waiting = executing.RunAsync(Once);
        Assert.Equal(0, executing.Calls);

        executing.Says = MemberRole.Primary;
        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task Who_waits_for_a_master_that_does_not_come_is_told_what_is_known_and_nothing_was_called()
    {
        await using Executing executing = await new Executing(maxWait: TimeSpan.FromMilliseconds(100)).SettledAsync();
        executing.Says = MemberRole.Replica;
        await executing.WaitAsync(GroupCondition.Switching);

        Assert.Equal("nobody is the master", (await Assert.ThrowsAsync<MasterUnavailableException>(() => executing.RunAsync(Once))).Message);
        await Assert.ThrowsAsync<MasterUnavailableException>(() => executing.RunAsync(new() { Timeout = TimeSpan.Zero }));
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(20));
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => executing.RunAsync(_ => Task.FromResult(1), Once, cancel.Token));
        Assert.Equal((cancel.Token, 0), (cancelled.CancellationToken, executing.Calls));
    }

    [Fact]
    public async Task Work_that_may_take_no_time_is_not_begun_though_there_is_a_master()
    {
        await using Executing executing = await new Executing().SettledAsync();

        await Assert.ThrowsAsync<RedisNotExecutedException>(() => executing.RunAsync(new() { Timeout = TimeSpan.Zero }));
        Assert.Equal(0, executing.Calls);
    }

    [Fact]
    public async Task Where_no_master_can_be_waited_for_the_caller_is_told_so_at_once()
    {
        await using Executing executing = new(startTimeout: TimeSpan.FromSeconds(1)) { Says = null };
        executing.Group.Start();
        await executing.WaitAsync(GroupCondition.Unavailable);

        await Assert.ThrowsAsync<MasterUnavailableException>(() => executing.RunAsync(Once));
        Assert.Equal(0, executing.Calls);
    }

    [Fact]
    public async Task Who_repeats_what_may_have_been_executed_and_finds_no_master_then_is_told_that_it_is_unknown()
    {
        await using Executing executing = await new Executing(maxWait: TimeSpan.FromSeconds(1)).SettledAsync();

        RedisOutcomeUnknownException told = await Assert.ThrowsAsync<RedisOutcomeUnknownException>(() => executing.RunAsync(
            async _ =>
            {
                executing.Says = MemberRole.Replica;
                await executing.WaitAsync(GroupCondition.Switching);
                throw Cut;
            },
            Idempotent,
            CancellationToken.None));

        Assert.Equal((Cut, 1), (told.InnerException, executing.Calls));
    }

    [Fact]
    public async Task Who_is_let_go_while_the_work_is_done_is_told_that_it_is_unknown_unless_that_does_not_matter()
    {
        await using Executing executing = await new Executing().SettledAsync();
        TaskCompletionSource<int> never = new();
        await Assert.ThrowsAsync<RedisOutcomeUnknownException>(() => executing.RunAsync(_ => never.Task, new() { Timeout = TimeSpan.FromMilliseconds(20) }, CancellationToken.None));
        await Assert.ThrowsAsync<RedisOutcomeUnknownException>(() => executing.RunAsync(_ => never.Task, new() { Timeout = TimeSpan.FromMilliseconds(20), IsIdempotent = true }, CancellationToken.None));

        using CancellationTokenSource cancel = new();
        await Assert.ThrowsAsync<RedisOutcomeUnknownException>(() => executing.RunAsync(_ => NeverAsync(cancel), Once, cancel.Token));
        using CancellationTokenSource again = new();
        Assert.Equal(again.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => executing.RunAsync(_ => NeverAsync(again), Idempotent, again.Token))).CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => executing.RunAsync(_ => never.Task, Once, again.Token));
        Assert.Equal(4, executing.Calls);

        async Task<int> NeverAsync(CancellationTokenSource cancelling)
        {
            await cancelling.CancelAsync();
            return await never.Task;
        }
    }

    [Fact]
    public async Task Who_is_let_go_between_two_attempts_has_nothing_done_again_and_is_told_of_what_was_tried()
    {
        await using Executing executing = await new Executing().SettledAsync();
        using CancellationTokenSource cancel = new();
        executing.Pausing = cancel.Cancel;

        await Assert.ThrowsAsync<RedisNotExecutedException>(() => executing.RunAsync(_ => Task.FromException<int>(ReadOnly), Repeatable, cancel.Token));
        Assert.Equal(1, executing.Calls);
    }

    [Fact]
    public async Task The_token_that_work_gets_is_cancelled_when_nobody_waits_for_it_any_more()
    {
        await using Executing executing = await new Executing().SettledAsync();
        TaskCompletionSource seen = new();
        await Assert.ThrowsAsync<RedisOutcomeUnknownException>(() => executing.RunAsync(
            async token =>
            {
                token.Register(seen.SetResult);
                await Task.Delay(Timeout.Infinite, token);
                return 0;
            },
            new() { Timeout = TimeSpan.FromMilliseconds(20) },
            CancellationToken.None));

        await seen.Task.WaitAsync(Executing.Limit);
    }

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_is_no_master()
    {
        await using Executing executing = await new Executing(maxWait: TimeSpan.FromMilliseconds(100), database: static token => new TaskCompletionSource<IDatabase>().Task.WaitAsync(token)).SettledAsync();

        await Assert.ThrowsAsync<MasterUnavailableException>(() => executing.RunAsync(Once));
        Assert.Equal(0, executing.Calls);
    }
}
