using Failover.Redis.Execution;
using Failover.Redis.Probing;
using StackExchange.Redis;

namespace Failover.Redis.Tests.Execution;

/// <summary>An executor over a group of one node, which says what the test has it say. The database is none: what the work meets is the work's.</summary>
internal sealed class Executing : IAsyncDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly Epoch Epoch = new("mymaster@0a1b2c3d", 7);

    private readonly Node _node = new();
    private readonly Clock _clock = new();
    private readonly RecheckTrigger _recheck;
    private readonly RedisExecutor _executor;

    internal Executing(TimeSpan? maxWait = null, Func<CancellationToken, Task<IDatabase>>? database = null, TimeSpan? startTimeout = null)
    {
        Group = new FailoverGroupBuilder("cache").AddMember(new FailoverMember(new Uri("redis://redis-a:6379"))).UseProbe(_node).ElectByRole().Configure(ProbeDefaults.Set).Configure(options => options.StartTimeout = startTimeout ?? Limit).Build();
        _recheck = new RecheckTrigger(() => Looks++, TimeProvider.System);
        _executor = new RedisExecutor(Group, database ?? (static _ => Task.FromResult<IDatabase>(null!)), _recheck, static () => "nobody is the master", () => maxWait ?? Limit, _clock);
    }

    internal FailoverGroup Group { get; }

    /// <summary>Gets how often the group was asked to look.</summary>
    internal int Looks { get; private set; }

    /// <summary>Gets how often work was called.</summary>
    internal int Calls { get; private set; }

    /// <summary>Says from now on what the node says of itself; null: it does not answer.</summary>
    internal MemberRole? Says
    {
        set => _node.Says = value;
    }

    /// <summary>Has something done whenever the executor begins to wait for a time.</summary>
    internal Action? Pausing
    {
        set => _clock.Pausing = value;
    }

    internal async Task<Executing> SettledAsync()
    {
        await Group.WaitForActiveAsync(CancellationToken.None).AsTask().WaitAsync(Limit);
        return this;
    }

    internal Task WaitAsync(GroupCondition condition) => Multiplexed.EventuallyAsync(() => Task.FromResult(Group.Snapshot.Condition == condition));

    /// <summary>Does work of which the first calls fail.</summary>
    internal Task<int> RunAsync(RedisExecuteOptions options, params Exception[] failures) =>
        RunAsync(_ => Calls <= failures.Length ? Task.FromException<int>(failures[Calls - 1]) : Task.FromResult(Calls), options, CancellationToken.None);

    internal Task<int> RunAsync(Func<CancellationToken, Task<int>> work, RedisExecuteOptions options, CancellationToken cancellationToken) => _executor.RunAsync(
        (_, token) =>
        {
            Calls++;
            return work(token);
        },
        options,
        cancellationToken).WaitAsync(Limit, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _recheck.Dispose();
        await Group.DisposeAsync();
    }

    private sealed class Clock : TimeProvider
    {
        internal Action? Pausing { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pausing?.Invoke();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    private sealed class Node : IMemberProbe
    {
        private volatile object? _says = MemberRole.Primary;

        internal MemberRole? Says
        {
            set => _says = value;
        }

        public ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken) =>
            new(_says is MemberRole role ? ProbeResult.Success(role, role == MemberRole.Primary ? Epoch : null) : ProbeResult.Failure("down"));
    }
}
