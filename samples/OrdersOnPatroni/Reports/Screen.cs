using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Failover;
using Failover.TestServers.Patroni;
using OrdersOnPatroni.Load;

namespace OrdersOnPatroni.Reports;

/// <summary>Prints a line each second, and each switchover as its record is complete.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<Switchover> _switchovers = [];
    private readonly FailoverGroup _group;
    private readonly PatroniCluster _cluster;
    private readonly OrderLoad _load;
    private readonly HealthWatch _health;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Task _running;
    private int _shown;

    internal Screen(FailoverGroup group, PatroniCluster cluster, OrderLoad load, HealthWatch health)
    {
        (_group, _cluster, _load, _health) = (group, cluster, load, health);
        _running = Task.WhenAll(TickAsync(), TellAsync());
    }

    /// <summary>The records that were told, in their order.</summary>
    internal IReadOnlyCollection<Switchover> Switchovers => _switchovers;

    internal async Task EndAsync()
    {
        await _over.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _over.Dispose();
    }

    private async Task TickAsync()
    {
        using PeriodicTimer second = new(TimeSpan.FromSeconds(1));
        while (!_over.IsCancellationRequested)
        {
            await second.WaitForNextTickAsync(CancellationToken.None);
            Show(_group.Snapshot);
        }
    }

    private void Show(GroupSnapshot snapshot)
    {
        int answered = _load.Attempts.Count;
        (int now, _shown) = (answered - _shown, answered);
        string primary = snapshot.Condition == GroupCondition.Settled ? $"primary {NameOf(snapshot.Active)}" : $"{snapshot.Condition}";
        string standbys = string.Join(", ", snapshot.Members.Where(static member => member.Role == MemberRole.Replica && member.Verdict == Verdict.Healthy)
            .Select(member => string.Create(CultureInfo.InvariantCulture, $"{NameOf(member.Member)} {(member.Lag is { } lag ? $"{lag.TotalSeconds:0.0} s" : "unknown")}")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(_began).TotalSeconds,3:0} s  {primary,-16}  {now,4} orders/s, {_load.Sent - answered,3} wait  lag: {standbys,-26}  reads: {NameOf(_load.ReadPort)}  /health {_health.Last}"));
    }

    private async Task TellAsync()
    {
        try
        {
            await foreach (Switchover told in _group.ReadSwitchoversAsync(_over.Token))
            {
                if (told.IsFinal && told.Cause != SwitchoverCause.Initial)
                {
                    _switchovers.Enqueue(told);
                    Console.WriteLine($"     >> {told.Cause}: {NameOf(told.From)} -> {NameOf(told.To)}; detected in {Say(told.DetectionTime)}, switched in {Say(told.SwitchTime)}, recovered in {Say(told.RecoveryTime)}, timeline {told.Epoch?.Number} ({told.Evidence})");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The story is over.
        }
    }

    /// <summary>What Patroni calls the node: the group knows its address.</summary>
    private string NameOf(FailoverMember? member) => member is null ? "nobody" : NameOf(member.Address.Port);

    private string NameOf(int port) => _cluster.Nodes.FirstOrDefault(node => node.PostgreSqlPort == port)?.Name ?? "-";

    private static string Say(TimeSpan? time) => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalMilliseconds:N1} ms") : "-";
}
