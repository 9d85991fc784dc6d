using Failover.Redis.Execution;
using Failover.Redis.Following;
using Failover.Redis.Sets;
using StackExchange.Redis;

namespace Failover.Redis;

/// <summary>
/// A Redis master that is followed: one ordinary, long-lived multiplexer of StackExchange.Redis whose connections lead to the node that most of the sentinels name and that proves itself to be master. Keep what you get from it as long as you like: nothing is
/// exchanged at a failover. Made by <c>AddFailover().AddRedis(…)</c> or by <see cref="FailoverRedisBuilder"/>. Safe for any thread.
/// </summary>
public sealed class FailoverRedis : IAsyncDisposable, IDisposable
{
    private readonly RedisSet _set;
    private readonly RedisRouter _router;
    private readonly RedisExecutor _executor;
    private readonly RecheckTrigger _recheck;
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection;
    private readonly Lazy<Task<ConnectionMultiplexer>> _replicas;
    private readonly bool _ownsGroup;
    private int _disposed;

    internal FailoverRedis(FailoverGroup group, RedisSet set, bool ownsGroup)
    {
        (Group, _set, _ownsGroup) = (group, set, ownsGroup);
        _router = new RedisRouter(group, set);
        _connection = new(MakeMasterAsync);
        _replicas = new(() =>
        {
            _router.WatchReaders();
            return MakeAsync(set.Replicas);
        });
        _recheck = new RecheckTrigger(() => group.Hint(new Hint(HintKind.LookNow, "redis-errors")), set.Parts.Time);
        _executor = new RedisExecutor(group, async token => (await ConnectAsync(token).ConfigureAwait(false)).GetDatabase(), _recheck, () => MasterWords.Of(group.Snapshot, set.Book.View), () => set.Options.MaxWait, set.Parts.Time);
    }

    /// <summary>Gets the group: which node is master, how each stands, and each switchover.</summary>
    public FailoverGroup Group { get; }

    /// <summary>
    /// Gets the connection to the master. The first read makes it, and blocks the thread until it is made: as long as there is no master up to the connection's <c>connectTimeout</c>, 5 seconds by default, and then it is made when there is one.
    /// Prefer <see cref="ConnectAsync"/> for the first time. Do not dispose of it: that is done with this object.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This object was disposed of.</exception>
    public IConnectionMultiplexer Connection => Made(_connection).GetAwaiter().GetResult();

    /// <summary>
    /// Gets a connection for reads that may be behind: to a replica that is not further behind than <see cref="GroupOptions.MaxReadLag"/>, to the master where there is none. Made like <see cref="Connection"/>. Writes over it are refused by StackExchange.Redis as long as
    /// it leads to a replica, and are executed while it leads to the master.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This object was disposed of.</exception>
    public IConnectionMultiplexer Replicas => Made(_replicas).GetAwaiter().GetResult();

    internal RedisSet Set => _set;

    /// <summary>Gets the connection to the master, without blocking the thread while it is made.</summary>
    /// <param name="cancellationToken">Ends the wait, not the making.</param>
    /// <exception cref="ObjectDisposedException">This object was disposed of.</exception>
    public async Task<IConnectionMultiplexer> ConnectAsync(CancellationToken cancellationToken) => await Made(_connection).WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Does work on the master, and tells for certain what became of it. What a failover does to it ends in one of three exceptions: <see cref="RedisNotExecutedException"/> (it may be done again), <see cref="RedisOutcomeUnknownException"/> (look first),
    /// <see cref="MasterUnavailableException"/> (nothing was sent). What the server says no to for reasons of its own, and what the work itself throws, comes through as it is.
    /// </summary>
    /// <param name="work">The work: one command or several. The token that it gets is cancelled when nobody waits for it any more; a command of StackExchange.Redis takes none.</param>
    /// <param name="cancellationToken">Lets the caller go at once. Work that has begun then ends as <see cref="RedisOutcomeUnknownException"/>, for its commands may still be executed.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled before the work was begun, or the work is <see cref="RedisExecuteOptions.IsIdempotent"/>.</exception>
    public Task<T> ExecuteAsync<T>(Func<IDatabase, CancellationToken, Task<T>> work, CancellationToken cancellationToken) => ExecuteAsync(work, RedisExecuteOptions.Default, cancellationToken);

    /// <param name="work">The work: one command or several. The token that it gets is cancelled when nobody waits for it any more; a command of StackExchange.Redis takes none.</param>
    /// <param name="options">How it is to be done.</param>
    /// <param name="cancellationToken">Lets the caller go at once. Work that has begun then ends as <see cref="RedisOutcomeUnknownException"/>, for its commands may still be executed.</param>
    /// <inheritdoc cref="ExecuteAsync{T}(Func{IDatabase, CancellationToken, Task{T}}, CancellationToken)" path="/summary|/exception"/>
    public Task<T> ExecuteAsync<T>(Func<IDatabase, CancellationToken, Task<T>> work, RedisExecuteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return _executor.RunAsync(work, options, cancellationToken);
    }

    /// <summary>Ends the connections. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _router.Dispose();
        await EndAsync(_connection, _set.Masters).ConfigureAwait(false);
        await EndAsync(_replicas, _set.Replicas).ConfigureAwait(false);
        _recheck.Dispose();
        await _set.DisposeAsync().ConfigureAwait(false);
        if (_ownsGroup)
        {
            await Group.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the connections, as <see cref="DisposeAsync"/> does; blocks the thread.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Ends a connection in good order where it works; one that waits at the gate, or is still being made, would wait on.</summary>
    private static async Task EndAsync(Lazy<Task<ConnectionMultiplexer>> made, Tunnel.MasterTunnel tunnel)
    {
        if (!made.IsValueCreated)
        {
            return;
        }

        if (!made.Value.IsCompleted || tunnel.State.IsHeld)
        {
            tunnel.End();
        }

        await ((Task)made.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (made.Value.IsCompletedSuccessfully)
        {
            await made.Value.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Task<ConnectionMultiplexer> Made(Lazy<Task<ConnectionMultiplexer>> connection)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return connection.Value;
    }

    private async Task<ConnectionMultiplexer> MakeMasterAsync()
    {
        ConnectionMultiplexer made = await MakeAsync(_set.Masters).ConfigureAwait(false);
        _recheck.Watch(made);
        return made;
    }

    private Task<ConnectionMultiplexer> MakeAsync(Tunnel.MasterTunnel tunnel) => Task.Run(() => ConnectionMultiplexer.ConnectAsync(_set.For(tunnel)));
}
