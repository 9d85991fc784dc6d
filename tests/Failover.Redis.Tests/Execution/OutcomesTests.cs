using Failover.TestServers;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Execution;

/// <summary>What StackExchange.Redis ends commands with when a real server fails or its network does, what is told of that, and what the server has afterwards.</summary>
public class OutcomesTests
{
    private const string Script = "return redis.call('INCR', KEYS[1])";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [ServerFact("redis-server")]
    public async Task What_was_sent_when_its_connection_was_cut_is_unknown_whatever_kind_of_command_it_was()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long);
        List<Task> sent = [];
        await redis.CutAsync(() =>
        {
            sent.Add(redis.Database.StringIncrementAsync("sent"));
            sent.Add(redis.Database.StringGetAsync("sent"));
            sent.Add(redis.Database.ScriptEvaluateAsync(Script, ["sent"]));
            sent.Add(redis.Database.ExecuteAsync("BLPOP", "sent-list", "0"));
            sent.AddRange(Transaction(redis.Database));
            IBatch batch = redis.Database.CreateBatch();
            sent.Add(batch.StringIncrementAsync("sent"));
            batch.Execute();
            return Task.CompletedTask;
        });

        foreach (Task command in sent)
        {
            RedisConnectionException lost = Assert.IsType<RedisConnectionException>(await Multiplexed.Failed(() => command));
            Assert.Equal((CommandStatus.Sent, RedisExecution.Unknown, RedisExecution.Unknown), (lost.CommandStatus, RedisOutcome.Of(lost), RedisOutcome.OfAsynchronous(lost)));
        }

        Assert.Equal(7, sent.Count);
    }

    [ServerFact("redis-server")]
    public async Task What_was_answered_by_nobody_in_time_is_unknown_and_a_server_that_wakes_executes_it()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Short);
        await redis.Database.PingAsync();
        redis.Server.Freeze();
        Exception?[] told = await Task.WhenAll(
            Multiplexed.Failed(() => redis.Database.StringIncrementAsync("a")),
            Multiplexed.Failed(() => Task.Run(() => redis.Database.StringIncrement("b"))));
        redis.Server.Thaw();

        Assert.All(told, static exception => Assert.Equal(CommandStatus.Sent, Assert.IsType<RedisTimeoutException>(exception).Commandstatus));
        Assert.All(told, static exception => Assert.Equal(RedisExecution.Unknown, RedisOutcome.OfAsynchronous(exception!)));
        await Multiplexed.EventuallyAsync(async () => await redis.Direct.StringGetAsync("a") == 1 && await redis.Direct.StringGetAsync("b") == 1);
    }

    [ServerFact("redis-server")]
    public async Task What_waited_for_a_connection_until_its_time_was_up_was_never_sent()
    {
        // The backlog is timed by SyncTimeout, for asynchronous commands too.
        await using Multiplexed redis = await Multiplexed.StartAsync(Short, static options => options.AsyncTimeout = (int)TimeSpan.FromHours(1).TotalMilliseconds);
        await redis.CutAsync(static () => Task.CompletedTask);
        await Multiplexed.EventuallyAsync(() => Task.FromResult(!redis.Connection.IsConnected));
        List<Task> waiting = [redis.Database.StringIncrementAsync("waiting"), redis.Database.ScriptEvaluateAsync(Script, ["waiting"]), .. Transaction(redis.Database, "waiting")];

        foreach (Task command in waiting)
        {
            Exception told = (await Multiplexed.Failed(() => command))!;
            Assert.Equal(CommandStatus.WaitingInBacklog, told is RedisTimeoutException late ? late.Commandstatus : Assert.IsType<RedisConnectionException>(told).CommandStatus);
            Assert.Equal((RedisExecution.NotExecuted, RedisExecution.Unknown), (RedisOutcome.OfAsynchronous(told), RedisOutcome.Of(told)));
        }

        await redis.MendAsync();
        Assert.False(await redis.Direct.KeyExistsAsync("waiting"));
    }

    [ServerFact("redis-server")]
    public async Task What_finds_no_connection_and_may_not_wait_for_one_was_never_sent()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long, static options => options.BacklogPolicy = BacklogPolicy.FailFast);
        await redis.CutAsync(static () => Task.CompletedTask);
        await Multiplexed.EventuallyAsync(() => Task.FromResult(!redis.Connection.IsConnected));

        RedisConnectionException told = Assert.IsType<RedisConnectionException>(await Multiplexed.Failed(() => redis.Database.StringIncrementAsync("none")));
        Assert.Equal((CommandStatus.WaitingToBeSent, RedisExecution.NotExecuted), (told.CommandStatus, RedisOutcome.Of(told)));
    }

    [ServerFact("redis-server")]
    public async Task What_the_library_does_not_write_because_its_server_is_a_replica_was_not_executed()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long);
        await redis.Direct.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        await redis.CutAsync(static () => Task.CompletedTask);
        await Multiplexed.EventuallyAsync(() => Task.FromResult(!redis.Connection.IsConnected));
        Task<long> waiting = redis.Database.StringIncrementAsync("none");
        await redis.MendAsync();

        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.Of((await Multiplexed.Failed(() => waiting))!));
        await Multiplexed.EventuallyAsync(async () => await Multiplexed.Failed(() => redis.Database.StringIncrementAsync("none")) is RedisConnectionException told && RedisOutcome.Of(told) == RedisExecution.NotExecuted);
        Assert.False(await redis.Direct.KeyExistsAsync("none"));
    }

    [ServerFact("redis-server")]
    public async Task A_transaction_whose_condition_does_not_hold_is_no_error_and_its_commands_are_cancelled()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long);
        ITransaction transaction = redis.Database.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists("none"));
        Task<long> command = transaction.StringIncrementAsync("conditional");

        Assert.False(await transaction.ExecuteAsync());
        Assert.IsType<TaskCanceledException>(await Multiplexed.Failed(() => command));
    }

    [ServerFact("redis-server")]
    public async Task A_transaction_whose_condition_could_not_be_looked_at_was_not_executed_and_its_commands_are_cancelled()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long);
        ITransaction transaction = redis.Database.CreateTransaction();
        transaction.AddCondition(Condition.KeyNotExists("none"));
        Task<long> command = transaction.StringIncrementAsync("conditional");
        Task<bool>? executing = null;
        await redis.CutAsync(async () =>
        {
            // It keeps the thread until its conditions are answered.
            executing = Task.Run(() => transaction.ExecuteAsync());
            await Multiplexed.EventuallyAsync(() => Task.FromResult(redis.Connection.GetCounters().Interactive.SentItemsAwaitingResponse > 0));
        });

        Assert.Equal(RedisExecution.Unknown, RedisOutcome.Of((await Multiplexed.Failed(() => executing!))!));
        Assert.IsType<TaskCanceledException>(await Multiplexed.Failed(() => command));
        await redis.MendAsync();
        Assert.False(await redis.Direct.KeyExistsAsync("conditional"));
    }

    [ServerFact("redis-server")]
    public async Task What_is_on_its_way_when_the_multiplexer_is_disposed_of_is_unknown_and_what_comes_later_was_never_sent()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long);
        Task<long>? sent = null;
        await redis.CutAsync(async () =>
        {
            sent = redis.Database.StringIncrementAsync("disposed");
            await redis.Connection.CloseAsync(allowCommandsToComplete: false);
        });

        Assert.Equal(RedisExecution.Unknown, RedisOutcome.OfAsynchronous((await Multiplexed.Failed(() => sent!))!));
        Assert.Equal(RedisExecution.NotExecuted, RedisOutcome.Of(Assert.IsType<ObjectDisposedException>(await Multiplexed.Failed(() => redis.Database.StringIncrementAsync("disposed")))));
    }

    [ServerTheory("redis-server")]
    [InlineData("NOREPLICAS", "min-replicas-to-write", "1")]
    [InlineData("OOM", "maxmemory", "1")]
    public async Task A_write_that_a_master_refuses_for_its_state_was_not_executed_alone_in_a_script_and_in_a_transaction(string error, string setting, string value)
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long);
        await redis.Direct.ExecuteAsync("CONFIG", "SET", setting, value);

        await AssertRefusedAsync(redis, error);
        Assert.Null(await Multiplexed.Failed(() => redis.Database.StringGetAsync("refused")));
    }

    [ServerFact("redis-server")]
    public async Task A_write_to_a_master_that_has_become_a_replica_was_not_executed_and_who_waits_there_is_told()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long);
        await redis.Database.PingAsync();
        await redis.Direct.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");

        await AssertRefusedAsync(redis, "READONLY");
        await redis.Direct.ExecuteAsync("CONFIG", "SET", "replica-serve-stale-data", "no");
        Assert.StartsWith("MASTERDOWN ", AssertNotExecuted(await Multiplexed.Failed(() => redis.Database.StringGetAsync("refused"))).Message, StringComparison.Ordinal);

        await redis.Direct.ExecuteAsync("REPLICAOF", "NO", "ONE");
        Task<RedisResult> waiting = redis.Database.ExecuteAsync("BLPOP", "list", "0");
        await Multiplexed.EventuallyAsync(async () => (await redis.Direct.ExecuteAsync("INFO", "clients")).ToString().Contains("blocked_clients:1", StringComparison.Ordinal));
        await redis.Direct.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        Assert.StartsWith("UNBLOCKED ", AssertNotExecuted(await Multiplexed.Failed(() => waiting)).Message, StringComparison.Ordinal);
    }

    [ServerFact("redis-server")]
    public async Task A_command_to_a_server_that_reads_its_data_was_not_executed()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long, "--key-load-delay", "5000", "--loading-process-events-interval-bytes", "1024");
        await redis.Database.PingAsync();
        await redis.Direct.ExecuteAsync("DEBUG", "POPULATE", "1000", "key", "1000");
        Task loading = redis.Direct.ExecuteAsync("DEBUG", "RELOAD");
        await Multiplexed.EventuallyAsync(async () => await Multiplexed.Failed(() => redis.Database.StringGetAsync("refused")) is not null);

        await AssertRefusedAsync(redis, "LOADING");
        await redis.Server.KillAsync();
        Assert.NotNull(await Multiplexed.Failed(() => loading));
    }

    [ServerFact("redis-server")]
    public async Task A_script_that_has_written_is_not_stopped_by_want_of_memory_so_that_such_an_error_means_that_nothing_was_done()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long);
        await redis.Direct.ExecuteAsync("CONFIG", "SET", "maxmemory", "4mb");
        await redis.Database.ScriptEvaluateAsync("redis.call('INCR', KEYS[1]) for i = 1, 100 do redis.call('SET', 'x' .. i, string.rep('x', 100000)) end", ["first"]);
        Assert.Equal(1, await redis.Database.StringGetAsync("first"));

        // Over the limit from here on, and a write that needs no memory lets the next one pass.
        AssertNotExecuted(await Multiplexed.Failed(() => redis.Database.ScriptEvaluateAsync(Script, ["first"])));
        await redis.Database.ScriptEvaluateAsync("redis.call('DEL', KEYS[1]) return redis.call('INCR', KEYS[1])", ["first"]);
        Assert.Equal(1, await redis.Database.StringGetAsync("first"));
    }

    [ServerFact("redis-server")]
    public async Task What_says_no_to_the_command_itself_is_refused_and_a_script_may_have_done_a_part()
    {
        await using Multiplexed redis = await Multiplexed.StartAsync(Long);
        await redis.Database.ListLeftPushAsync("list", "1");

        Assert.Equal(RedisExecution.Refused, RedisOutcome.Of((await Multiplexed.Failed(() => redis.Database.StringIncrementAsync("list")))!));
        Assert.Equal(RedisExecution.Refused, RedisOutcome.Of((await Multiplexed.Failed(() => redis.Database.ScriptEvaluateAsync("redis.call('SET', 'part', '1') return redis.call('INCR', 'list')")))!));
        Assert.Equal(1, await redis.Database.StringGetAsync("part"));
    }

    private static List<Task> Transaction(IDatabase database, string key = "sent")
    {
        ITransaction transaction = database.CreateTransaction();
        Task<long> command = transaction.StringIncrementAsync(key);
        return [transaction.ExecuteAsync(), command];
    }

    private static async Task AssertRefusedAsync(Multiplexed redis, string error)
    {
        Assert.StartsWith($"{error} ", AssertNotExecuted(await Multiplexed.Failed(() => redis.Database.StringIncrementAsync("refused"))).Message, StringComparison.Ordinal);
        Assert.StartsWith($"{error} ", AssertNotExecuted(await Multiplexed.Failed(() => redis.Database.ScriptEvaluateAsync(Script, ["refused"]))).Message, StringComparison.Ordinal);
        foreach (Task command in Transaction(redis.Database, "refused"))
        {
            Assert.StartsWith("EXECABORT ", AssertNotExecuted(await Multiplexed.Failed(() => command)).Message, StringComparison.Ordinal);
        }

        if (error != "LOADING")
        {
            Assert.False(await redis.Direct.KeyExistsAsync("refused"));
        }
    }

    private static RedisServerException AssertNotExecuted(Exception? told)
    {
        RedisServerException refused = Assert.IsType<RedisServerException>(told);
        Assert.Equal((RedisExecution.NotExecuted, RedisExecution.NotExecuted), (RedisOutcome.Of(refused), RedisOutcome.OfAsynchronous(refused)));
        return refused;
    }
}
