using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Failover.DnsSwitching.Tests.Switching;

public sealed class DnsSwitcherTests
{
    private readonly MemoryZone _zone = new();

    [Fact]
    public async Task A_failed_member_is_left_once_and_the_record_says_when_callers_see_it()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");

        host.Sicken("a");
        await host.SettlesOnAsync("b");
        await Until.True(() => host.Group.Snapshot.LastSwitchover is { IsFinal: true });

        DnsChange change = Assert.Single(_zone.Changes);
        Assert.Equal(("A 192.0.2.2", "site", TimeSpan.FromSeconds(30)), (change.Values.ToString(), change.Owner.App, change.TimeToLive));
        Switchover told = host.Group.Snapshot.LastSwitchover!;
        Assert.Equal((SwitchoverCause.Failover, SwitchoverOutcome.Completed), (told.Cause, told.Outcome));
        Assert.NotNull(told.Visible);
        Assert.Equal(told.Id.ToString("N")[..12], change.Owner.Operation);
        Assert.Contains("192.0.2.2", Assert.Single(host.Logged("NameMoved")), StringComparison.Ordinal);
        Assert.Contains("192.0.2.2", host.Logged("NameVisible")[^1], StringComparison.Ordinal);
        Assert.Single(host.Logged("NoLease"));
    }

    [Fact]
    public async Task A_conflict_is_never_forced_and_who_moved_it_is_followed()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        _zone.Answer = change =>
        {
            // Another hand is faster, and moves it where we wanted it.
            _zone.State = _zone.State with { Values = change.Values, OwnerText = "failover-owner=site;op=other" };
            return new DnsOutcome.Conflict(_zone.State);
        };

        host.Sicken("a");
        await host.SettlesOnAsync("b");

        Assert.Single(_zone.Changes);
        Assert.Equal("failover-owner=site;op=other", _zone.State.OwnerText);
    }

    [Fact]
    public async Task What_points_elsewhere_is_left_alone_until_somebody_asks()
    {
        _zone.State = _zone.State with { Values = DnsValues.Parse("203.0.113.9") };
        await using Controller host = await Controller.StartAsync(_zone);
        await Until.True(() => host.Logged("NameKeptFromMoving").Length == 1 && host.Group.Snapshot.Members.All(static member => member.Verdict == Verdict.Healthy));
        host.Sicken("a");
        await Until.True(() => host.Group.Snapshot.Members[0].Verdict == Verdict.Unhealthy);
        Assert.Empty(_zone.Changes);

        Switchover asked = await Until.Ends(host.Group.SwitchToAsync("b", CancellationToken.None));

        Assert.Equal(SwitchoverOutcome.Completed, asked.Outcome);
        Assert.Equal("A 192.0.2.2", _zone.State.Values.ToString());
    }

    [Theory]
    [InlineData("v=spf1 -all", "no switcher wrote")]
    [InlineData("failover-owner=other;op=1", "belongs to other")]
    [InlineData("failover-owner=site;token=7;op=1", "has no arbiter")]
    public async Task A_name_of_another_owner_is_not_touched(string owner, string why)
    {
        _zone.State = _zone.State with { OwnerText = owner };
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");

        host.Sicken("a");
        await Until.True(() => host.Logged("SwitchNotApplied").Length > 0);

        Assert.Contains(why, host.Logged("NameNotMoved")[0], StringComparison.Ordinal);
        Assert.Empty(_zone.Changes);
        HealthReportEntry entry = await host.CheckAsync();
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains(why, entry.Description, StringComparison.Ordinal);
        Assert.All(host.Logged("NameKeptFromMoving"), its => Assert.Contains(why, its, StringComparison.Ordinal));
        Assert.Single(host.Logged("NameKeptFromMoving"));

        // Also when nothing is wanted any more.
        host.Heal("a");
        await host.SettlesOnAsync("a");
        Assert.Contains(why, (await host.CheckAsync()).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_a_move_that_is_not_made_is_told_why()
    {
        await using Controller host = await Controller.StartAsync(_zone, settings: new() { ["Failover:Groups:site:MaxSwitchTime"] = "00:00:02" });
        await host.SettlesOnAsync("a");
        _zone.Answer = static _ => new DnsOutcome.Denied("the key shop-key has no grant");

        Switchover asked = await Until.Ends(host.Group.SwitchToAsync("b", CancellationToken.None));

        Assert.Equal((SwitchoverOutcome.Abandoned, "the key shop-key has no grant"), (asked.Outcome, asked.Evidence));
    }

    [Fact]
    public async Task After_a_move_the_name_rests_but_not_when_a_person_asks()
    {
        await using Controller host = await Controller.StartAsync(_zone, settings: new() { ["Failover:Dns:site:CoolDown"] = "01:00:00" });
        await host.SettlesOnAsync("a");
        host.Sicken("a");
        await host.SettlesOnAsync("b");
        host.Heal("a");
        await Until.True(() => host.Group.Snapshot.Members[0].Verdict == Verdict.Healthy);

        host.Sicken("b");
        await Until.True(() => host.Logged("SwitchNotApplied").Length >= 3);
        Assert.Contains("CoolDown", Assert.Single(host.Logged("NameNotMoved")), StringComparison.Ordinal);
        Assert.Single(_zone.Changes);

        host.Heal("b");
        await Until.True(() => host.Group.Snapshot is { Condition: GroupCondition.Settled, LastSwitchover.IsFinal: true } now && now.Members[1].Verdict == Verdict.Healthy);
        Assert.Equal(SwitchoverOutcome.Completed, (await Until.Ends(host.Group.SwitchToAsync("a", CancellationToken.None))).Outcome);
        Assert.Equal(2, _zone.Changes.Count);
    }

    [Fact]
    public async Task Who_wants_fewer_requests_is_asked_again_after_its_pause()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        _zone.Answer = _ => _zone.Changes.Count == 1 ? new DnsOutcome.Throttled(TimeSpan.FromMilliseconds(10)) : null;

        host.Sicken("a");
        await host.SettlesOnAsync("b");

        Assert.Equal(2, _zone.Changes.Count);
        Assert.Empty(host.Logged("SwitchNotApplied"));
    }

    [Fact]
    public async Task A_refusal_is_told_and_degrades_health_until_a_move_works()
    {
        _zone.Probe = new DnsOutcome.Denied("the server does not know the key shop-key");
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        await Until.True(() => host.Logged("NameNotProven").Length == 1);

        HealthReportEntry entry = await host.CheckAsync();
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("shop-key", entry.Description, StringComparison.Ordinal);

        await Until.Ends(host.Group.SwitchToAsync("b", CancellationToken.None));
        Assert.Equal(HealthStatus.Healthy, (await host.CheckAsync()).Status);
    }

    [Fact]
    public async Task Health_is_degraded_until_it_is_proved_that_the_name_could_be_given_to_each_member()
    {
        TaskCompletionSource proving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _zone.Proving = proving.Task;
        await using Controller host = await Controller.StartAsync(_zone, settings: new() { ["Failover:Dns:site:Targets:b"] = "2001:db8::2" });
        await host.SettlesOnAsync("a");
        HealthReportEntry entry = await host.CheckAsync();
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("not proved yet", entry.Description, StringComparison.Ordinal);

        proving.SetResult();
        await Until.True(() => host.Logged("NameProven").Length == 1);

        Assert.Equal(HealthStatus.Healthy, (await host.CheckAsync()).Status);
        Assert.Equal("A 192.0.2.1, AAAA 2001:db8::2", _zone.Probed?.ToString());
    }

    [Fact]
    public async Task What_could_not_be_proved_is_tried_again_until_it_is()
    {
        FakeTimeProvider time = new();
        _zone.Probe = new DnsOutcome.Failed("192.0.2.53:53 could not be reached: ConnectionRefused");
        await using Controller host = await Controller.StartAsync(_zone, time: time);
        await Until.True(() => host.Logged("NameNotProven").Length == 1);

        time.Advance(TimeSpan.FromSeconds(30));
        _zone.Probe = null;
        await Until.True(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return host.Logged("NameProven").Length == 1;
        });

        Assert.Single(host.Logged("NameNotProven"));
        Assert.Null(host.Switch.Snapshot.Problem);
    }

    [Fact]
    public async Task What_kept_a_move_from_being_made_is_told_until_none_is_wanted_any_more()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        _zone.Answer = static _ => new DnsOutcome.Conflict(null);
        host.Sicken("a");
        await Until.True(() => host.Switch.Snapshot.Problem is not null);

        host.Heal("a");
        await Until.True(() => host.Switch.Snapshot.Problem is null);
    }

    [Fact]
    public async Task An_authority_that_is_away_is_told_once_and_changes_nothing()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");

        _zone.Read = new DnsRead.Failed("no answer in time");
        host.Sicken("a");
        await Until.True(() => host.Logged("SwitchNotApplied").Length >= 2);
        Assert.Single(host.Logged("NameNotRead"));
        Assert.Equal("a", host.Group.Snapshot.Active?.Name);
        Assert.Empty(_zone.Changes);

        _zone.Read = null;
        await host.SettlesOnAsync("b");
        Assert.Single(host.Logged("NameReadAgain"));
    }

    [Fact]
    public async Task A_plan_is_printed_and_changes_nothing()
    {
        await using Controller host = await Controller.StartAsync(_zone);

        IReadOnlyList<string> steps = await host.Switch.PlanAsync("B", CancellationToken.None);

        Assert.Equal(
            ["remove shop.example.com A 192.0.2.1", "add shop.example.com A 192.0.2.2, TTL 30 s", "write _failover.shop.example.com TXT \"failover-owner=site;op=-\""],
            steps);
        Assert.Empty(_zone.Changes);
        await Assert.ThrowsAsync<ArgumentException>(async () => await host.Switch.PlanAsync("c", CancellationToken.None));
    }

    [Fact]
    public async Task A_move_is_put_back_unless_someone_else_has_changed_the_name_since()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await host.Switch.RestoreAsync(CancellationToken.None));
        await Until.Ends(host.Group.SwitchToAsync("b", CancellationToken.None));
        host.Group.Pin();

        await host.Switch.RestoreAsync(CancellationToken.None);
        await host.SettlesOnAsync("a");
        Assert.Equal(SwitchoverCause.External, host.Group.Snapshot.LastSwitchover!.Cause);

        Assert.Contains("has put it back already", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await host.Switch.RestoreAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
        await Until.Ends(host.Group.SwitchToAsync("b", CancellationToken.None));
        _zone.State = _zone.State with { Values = DnsValues.Parse("203.0.113.9") };
        Assert.Contains("someone else", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await host.Switch.RestoreAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_from_outside_is_told()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");

        _zone.State = _zone.State with { Values = DnsValues.Parse("192.0.2.2") };
        await host.SettlesOnAsync("b");

        Assert.Equal(SwitchoverCause.External, host.Group.Snapshot.LastSwitchover!.Cause);
        Assert.Contains("by: somebody who left the owner's record as it was", Assert.Single(host.Logged("NameChangedOutside")), StringComparison.Ordinal);
        Assert.Empty(_zone.Changes);
    }

    [Fact]
    public async Task A_move_by_another_host_of_the_app_is_no_change_from_outside_and_the_name_rests_after_it_also_if_it_leads_where_it_led()
    {
        await using Controller host = await Controller.StartAsync(_zone, settings: new() { ["Failover:Dns:site:CoolDown"] = "01:00:00" });
        await host.SettlesOnAsync("a");

        // Moved away and back between two looks.
        _zone.State = _zone.State with { OwnerText = "failover-owner=site;op=other" };
        await Until.True(() => host.Logged("NameMovedElsewhere").Length == 1);
        Assert.Empty(host.Logged("NameChangedOutside"));

        host.Sicken("a");
        await Until.True(() => host.Logged("NameNotMoved").Length == 1);
        Assert.Contains("CoolDown", host.Logged("NameNotMoved")[0], StringComparison.Ordinal);
        Assert.Empty(_zone.Changes);
    }
}
