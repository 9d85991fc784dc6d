using System.Collections.Concurrent;
using Failover.Keepalived.Sites;
using Failover.Keepalived.Watching;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Keepalived.Tests.Watching;

/// <summary>The observer at a real FIFO, with an address, a peer and a wire that the test moves.</summary>
public sealed class VrrpObserverTests : IAsyncLifetime
{
    private readonly FakeKeepalived _keepalived = new();
    private readonly FakePeers _peers = new();
    private readonly FakeForeign _foreign = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogger _logger = new();
    private readonly ConcurrentQueue<VrrpView> _seen = new();
    private readonly VrrpObserver _observer;
    private volatile bool _owns;

    public VrrpObserverTests()
    {
        KeepalivedOptions options = new() { Fifo = _keepalived.Path, Address = "10.77.0.100", Node = "node-a", Peer = "node-b", PeerInterval = TimeSpan.FromMilliseconds(300) };
        _observer = new(options, "site", _peers, _foreign, _time, _logger, () => _owns);
        _observer.Changed += _seen.Enqueue;
    }

    [LinuxFact]
    public async Task Lines_become_views_in_order_and_none_is_told_twice()
    {
        await StartedAsync();

        _keepalived.Write("BACKUP 50", "MASTER 50", "MASTER_RX_LOWER_PRI 50", "MASTER_PRIORITY 250", "FAULT 250", "BACKUP 50");
        await UntilAsync(static view => view is { Role: VrrpRole.Backup, Lines: 5 });

        List<VrrpView> seen = [.. _seen];
        Assert.Equal([VrrpRole.Backup, VrrpRole.Master, VrrpRole.Master, VrrpRole.Out, VrrpRole.Backup], seen.Where(static view => view.Lines > 0).Select(static view => view.Role));
        Assert.All(seen.Zip(seen.Skip(1)), static pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(_observer.View, seen[^1]);
    }

    [LinuxFact]
    public async Task The_wire_is_told_who_holds_the_address_and_the_peer_is_asked_at_each_change()
    {
        await StartedAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(300), _peers.Interval);

        _keepalived.Write("BACKUP 50", "MASTER 50", "MASTER_PRIORITY 250");
        await UntilAsync(static view => view.Priority == 250);
        Assert.Equal(1, _peers.Looks);
        _keepalived.Write("FAULT 250");
        await UntilAsync(static view => view.IsFault);

        Assert.Equal(2, _peers.Looks);
        Assert.Equal([false, true, false], [false, .. _foreign.Holds.SkipWhile(static holds => !holds)]);
    }

    [LinuxFact]
    public async Task The_address_is_looked_for_each_second_though_nothing_tells_of_it()
    {
        await StartedAsync();
        _keepalived.Write("BACKUP 50");
        await UntilAsync(static view => view.Role == VrrpRole.Backup);

        _owns = true;
        Assert.False(_observer.View.OwnsAddress);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_observer.View.OwnsAddress);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(VrrpStanding.StrandedAddress, _observer.View.Standing);
    }

    [LinuxFact]
    public async Task The_address_is_looked_for_each_second_though_the_peer_answers_more_often()
    {
        await StartedAsync();
        _owns = true;

        for (int tick = 0; tick < 10; tick++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            _peers.Say("backup ready");
        }

        Assert.True(_observer.View.OwnsAddress);
    }

    [LinuxFact]
    public async Task It_is_looked_for_once_more_before_it_is_judged_that_it_is_missing()
    {
        await StartedAsync();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        _keepalived.Write("BACKUP 50", "MASTER 250");
        await UntilAsync(static view => view.Role == VrrpRole.Master);

        // The look of each second comes in between, and finds nothing.
        _time.Advance(TimeSpan.FromMilliseconds(900));
        _owns = true;
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal((VrrpStanding.Master, true, null), (_observer.View.Standing, _observer.View.OwnsAddress, _observer.View.Problem));
        Assert.DoesNotContain(_seen, static view => view.Problem is not null);
    }

    [LinuxFact]
    public async Task That_nothing_is_known_is_told_when_it_lasts_and_not_while_the_address_is_here_before_the_word_of_it()
    {
        _keepalived.Start().Write("BACKUP 50");
        _observer.Start();
        await UntilAsync(static view => view.Standing == VrrpStanding.Backup);
        _owns = true;
        _time.Advance(VrrpFold.Grace);
        await UntilAsync(static view => view.Standing == VrrpStanding.Unknown);
        _keepalived.Write("MASTER 250");
        await UntilAsync(static view => view.Standing == VrrpStanding.Master);

        _keepalived.Leave();
        File.Delete(_keepalived.Path);
        await File.WriteAllTextAsync(_keepalived.Path, "");
        await UntilAsync(static view => !view.IsAttached);
        _time.Advance(VrrpFold.Grace);
        await UntilAsync(static view => view.Standing == VrrpStanding.Unknown);
        Assert.Empty(Logged(11003));
        _time.Advance(VrrpFold.MismatchTime);

        await Until.SoAsync(() => Logged(11003).Count == 1, () => _observer.View.Told());
    }

    [LinuxFact]
    public async Task A_daemon_that_was_killed_is_told_after_the_grace_and_is_found_again()
    {
        _owns = true;
        await StartedAsync();
        _keepalived.Write("MASTER 250");
        await UntilAsync(static view => view.Role == VrrpRole.Master);

        _keepalived.Leave();
        await UntilAsync(static view => !view.IsAttached);
        Assert.Equal(VrrpStanding.Master, _observer.View.Standing);
        _time.Advance(VrrpFold.Grace);
        Assert.Equal((VrrpStanding.StrandedAddress, VrrpRole.Out), (_observer.View.Standing, _observer.View.Role));

        _keepalived.Start().Write("BACKUP 50");
        await UntilAsync(static view => view is { Role: VrrpRole.Backup, Attachments: 2 });
    }

    [LinuxFact]
    public async Task Two_masters_are_told_when_the_peer_says_so_twice_or_the_wire_does()
    {
        _owns = true;
        await StartedAsync();
        _keepalived.Write("MASTER 250");
        await UntilAsync(static view => view.Role == VrrpRole.Master);

        _peers.Say("master ready");
        Assert.Equal((VrrpStanding.Master, VrrpRole.Master, Credit.Ready), (_observer.View.Standing, _observer.View.PeerRole, _observer.View.PeerCredit));
        _time.Advance(VrrpFold.SecondLook);
        Assert.Equal(2, _peers.Looks);
        _peers.Say("master ready");
        Assert.Equal(VrrpStanding.DualMaster, _observer.View.Standing);

        Assert.Empty(_foreign.Rivals);
        _peers.Say("backup hold");
        Assert.Equal(VrrpStanding.Master, _observer.View.Standing);
        Assert.Equal(["node-b"], _foreign.Rivals);
        _foreign.See(another: true);
        Assert.Equal(VrrpStanding.DualMaster, _observer.View.Standing);
        _peers.Say(null);
        Assert.Null(_observer.View.PeerCredit);

        // Of a peer that is not heard nobody knows whether it has yielded.
        _foreign.See(another: false);
        Assert.Single(_foreign.Rivals);
    }

    [LinuxFact]
    public async Task A_standing_and_a_problem_are_logged_once_each_and_so_is_the_end_of_the_problem()
    {
        _observer.Start();
        await Until.SoAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(50));
                return _observer.View.Problem is not null;
            },
            () => _observer.View.Told());
        for (int second = 0; second < 5; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Contains("is missing", Assert.Single(Logged(11009)).Message, StringComparison.Ordinal);
        _keepalived.Start().Write("BACKUP 50", "MASTER 50", "MASTER_PRIORITY 250", "MASTER_PRIORITY 249");
        await UntilAsync(static view => view.Lines == 4);

        Assert.Single(Logged(11000));
        Assert.Single(Logged(11001));
        Assert.Single(Logged(11008));
        Assert.Single(Logged(11010));

        // It may have been seen between what is made and opened: each of that is told once, too.
        Assert.Distinct(Logged(11009).Select(static log => log.Message));
    }

    [LinuxFact]
    public async Task Garbage_is_logged_once()
    {
        await StartedAsync();

        _keepalived.WriteRaw("what?\n");
        _keepalived.WriteRaw("what?\n");
        _keepalived.Write("BACKUP 50");
        await UntilAsync(static view => view.Lines == 1);
        _keepalived.WriteRaw("what?\n");
        _keepalived.Write("MASTER 50");
        await UntilAsync(static view => view.Lines == 2);

        Assert.Single(Logged(11011));
    }

    [LinuxFact]
    public async Task A_listener_that_throws_is_logged_and_ends_nothing()
    {
        _observer.Changed += static _ => throw new InvalidOperationException("secret");
        await StartedAsync();

        _keepalived.Write("BACKUP 50", "MASTER 50");
        await UntilAsync(static view => view.Role == VrrpRole.Master);

        Assert.All(Logged(11012), static log => Assert.DoesNotContain("secret", log.Message, StringComparison.Ordinal));
        Assert.NotEmpty(Logged(11012));
    }

    [LinuxFact]
    public async Task A_listener_that_is_slow_is_told_of_everything_in_order_and_holds_up_no_view()
    {
        using ManualResetEventSlim goOn = new();
        _observer.Changed += view => goOn.Wait(TimeSpan.FromSeconds(view.Lines == 0 ? 0 : 30));
        await StartedAsync();
        _keepalived.Write("BACKUP 50");
        await UntilAsync(static view => view.Lines == 1);

        // The reader is held up by the listener; the peer is not.
        _peers.Say("master ready");
        _peers.Say("out fault");
        Assert.Equal(VrrpRole.Out, _observer.View.PeerRole);
        Assert.Null(_seen.Last().PeerRole);
        goOn.Set();

        await Until.SoAsync(() => _seen.Last().PeerRole == VrrpRole.Out, static () => "the last view to be told");
        Assert.Equal([null, VrrpRole.Master, VrrpRole.Out], _seen.Where(static view => view.Lines == 1).Select(static view => view.PeerRole));
    }

    [LinuxFact]
    public async Task After_its_end_nothing_is_told_and_nobody_is_listened_to()
    {
        await StartedAsync();
        Assert.True(_foreign.IsListenedTo);

        await _observer.DisposeAsync();
        await _observer.DisposeAsync();
        int count = _seen.Count;
        _keepalived.Write("MASTER 250");
        _peers.Say("master ready");
        _owns = true;
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.False(_foreign.IsListenedTo);
        Assert.Equal(count, _seen.Count);
    }

    [LinuxFact]
    public async Task It_may_end_before_it_has_begun_and_does_not_begin_then()
    {
        await _observer.DisposeAsync();
        _observer.Start();

        Assert.Equal(new VrrpView(), _observer.View);
        Assert.False(_foreign.IsListenedTo);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _observer.DisposeAsync();
        _keepalived.Dispose();
    }

    /// <summary>keepalived runs and has said nothing, and the observer knows it: what comes now is no old line.</summary>
    private async Task StartedAsync()
    {
        _keepalived.Start();
        _observer.Start();
        _observer.Start();
        await UntilAsync(static view => view is { IsAttached: true, Attachments: 1 });
    }

    private Task UntilAsync(Func<VrrpView, bool> isSo) => Until.SoAsync(() => _seen.LastOrDefault() is { } last && isSo(last) && isSo(_observer.View), () => _observer.View.Told());

    private List<FakeLogRecord> Logged(int id) => [.. _logger.Collector.GetSnapshot().Where(log => log.Id.Id == id)];
}
