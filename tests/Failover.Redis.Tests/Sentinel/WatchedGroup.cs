using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Failover.Redis.Resp;
using Failover.Redis.Sentinel;
using Failover.Redis.Sets;
using Failover.TestServers.Sentinel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>A group that follows sentinels as an application's does, and notes what it was told.</summary>
internal sealed class WatchedGroup : IAsyncDisposable, IMemberProbe, IHintSource
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<Hint> _hints = [];
    private readonly ConcurrentQueue<string> _cuts = [];
    private readonly FakeLogCollector _logs = new();
    private readonly SentinelWatch _watch;
    private readonly RespAccess _toNodes;
    private readonly Func<FailoverMember, bool?> _says;

    private WatchedGroup(IEnumerable<HostAndPort> sentinels, WatchedOptions options)
    {
        _says = options.Says;
        _toNodes = new RespAccess(_ => new(options.Password is null ? null : new RedisCredentials(null, options.Password)), options.Tls, "tests");
        ImmutableArray<HostAndPort> named = [.. sentinels];
        SentinelWatchSettings settings = new()
        {
            Group = "cache",
            ServiceName = Words.Service,
            Sentinels = named,
            Access = new RespAccess(_ => new(options.SentinelPassword is null ? null : new RedisCredentials(options.SentinelUser, options.SentinelPassword)), options.Tls, "tests"),
            Allowed = () => options.Allowed ?? AllowedMembers.Of([], named.Select(static sentinel => sentinel.Member), onAnyPort: true, verifiesFully: false),
            AddressMap = options.AddressMap,
            Promotion = options.Promotion,
        };
        FailoverGroup? group = null;
        _watch = new SentinelWatch(settings, Book, () => group!, SaysMasterAsync, _cuts.Enqueue, new FakeLogger<SentinelWatch>(_logs), TimeProvider.System);
        group = Group = new FailoverGroupBuilder("cache")
            .UseProbe(this)
            .ElectByRole()
            .AddHintSource(this)
            .UseLoggerFactory(LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(_logs))))
            .Configure(static options =>
            {
                options.Detection.ProbeInterval = TimeSpan.FromSeconds(1);
                options.StartTimeout = TimeSpan.FromSeconds(2);
            })
            .Build();
    }

    internal FailoverGroup Group { get; }

    internal MasterBook Book { get; } = new();

    internal MasterView View => Book.View;

    internal IReadOnlyList<Hint> Hints => [.. _hints];

    internal IReadOnlyList<string> Cuts => [.. _cuts];

    /// <summary>Gets the names of what the watch has logged, in order.</summary>
    internal IReadOnlyList<string> Told => [.. _logs.GetSnapshot().Where(static log => log.Id.Id is >= 9100 and < 9200).Select(static log => log.Id.Name!)];

    /// <summary>Gets all that was logged, by the group too.</summary>
    internal string AllTold => string.Join('\n', _logs.GetSnapshot().Select(static log => $"{log.Id.Name}: {log.Message}"));

    internal static WatchedGroup Start(IEnumerable<HostAndPort> sentinels, WatchedOptions? options = null)
    {
        WatchedGroup watched = new(sentinels, options ?? new());
        watched.Group.Start();
        return watched;
    }

    internal static WatchedGroup Start(SentinelSet set, WatchedOptions? options = null) =>
        Start(set.Sentinels.Select(static sentinel => new HostAndPort(sentinel.Host, sentinel.Port)), (options ?? new()) with { Password = set.Password, SentinelPassword = options?.SentinelPassword ?? set.SentinelPassword });

    /// <summary>Waits until something is so, and fails with all that is known if it is not within 30 seconds.</summary>
    internal async Task UntilAsync(Func<bool> isSo, [CallerArgumentExpression(nameof(isSo))] string what = "")
    {
        using CancellationTokenSource end = new(Limit);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        try
        {
            while (!isSo())
            {
                await timer.WaitForNextTickAsync(end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not within {Limit.TotalSeconds} s: {what}. {Group.Snapshot.Condition} {Group.Snapshot.Reason}, active {Group.Snapshot.Active}; {View}; {string.Join(" | ", View.Sentinels)}; logs: {AllTold}");
        }
    }

    internal Task UntilActiveAsync(RedisNode node) => UntilAsync(() => Group.Snapshot is { Condition: GroupCondition.Settled, Active: { } active } && active.Equals(MemberOf(node)), $"{node.Name} is active");

    internal static FailoverMember MemberOf(RedisNode node) => new HostAndPort(node.Host, node.Port).Member;

    public async ValueTask<ProbeResult> ProbeAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        try
        {
            (MemberRole role, Epoch? epoch) = Book.Judge(member, await SaysMasterAsync(member, cancellationToken));
            return ProbeResult.Success(role, epoch);
        }
        catch (Exception fault) when (RespFaults.IsFault(fault) && !cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Failure(RespFaults.EvidenceOf(fault));
        }
    }

    public async IAsyncEnumerable<Hint> ReadHintsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Hint hint in _watch.ReadHintsAsync(cancellationToken))
        {
            _hints.Enqueue(hint);
            yield return hint;
        }
    }

    public async ValueTask DisposeAsync() => await Group.DisposeAsync();

    private async ValueTask<bool> SaysMasterAsync(FailoverMember member, CancellationToken cancellationToken)
    {
        if (_says(member) is { } said)
        {
            return said;
        }

        await using RespConnection connection = await RespConnection.ConnectAsync(member.Address.IdnHost, member.Address.Port, _toNodes, cancellationToken);
        return (await connection.AskAsync(cancellationToken, "ROLE")).Items[0].Text == "master";
    }
}
