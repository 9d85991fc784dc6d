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
        HealthReportEntry entry = await CheckAsync(host);
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains(why, entry.Description, StringComparison.Ordinal);
        Assert.All(host.Logged("NameKeptFromMoving"), its => Assert.Contains(why, its, StringComparison.Ordinal));
        Assert.Single(host.Logged("NameKeptFromMoving"));

        // Also when nothing is wanted any more.
        host.Heal("a");
        await host.SettlesOnAsync("a");
        Assert.Contains(why, (await CheckAsync(host)).Description, StringComparison.Ordinal);
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
    public async Task Targets_that_do_not_fit_the_members_are_refused_by_a_reload_and_the_last_good_ones_stay()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");

        host.Set("Failover:Dns:site:Targets:b", "192.0.2.1");
        host.Sicken("a");
        await host.SettlesOnAsync("b");
        Assert.Equal("A 192.0.2.2", _zone.State.Values.ToString());
        Assert.Contains("would hold A 192.0.2.1 for a and for b", Assert.Single(host.Logged("TargetsRefused")), StringComparison.Ordinal);

        host.Set("Failover:Dns:site:Targets:b", "192.0.2.2");
        host.Set("Failover:Dns:site:Targets:c", "192.0.2.3");
        await Until.True(() => host.Logged("TargetsRefused").Length == 2);
        Assert.Contains("Failover:Dns:site:Targets:c must be the name of a member of site: a, b.", host.Logged("TargetsRefused")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_that_come_to_have_the_same_values_move_nothing_and_that_is_told()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");

        host.Group.AddMember(new("c", new("http://192.0.2.2:81/")));
        host.Sicken("a");
        await Until.True(() => host.Switch.Snapshot.Problem?.Contains("the same for b and for c", StringComparison.Ordinal) == true);

        Assert.Empty(_zone.Changes);
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(host)).Status);
    }

    [Theory]
    [InlineData("Owner", "another")]
    [InlineData("CoolDown", "00:00:30")]
    [InlineData("VisibleWithin", "00:00:30")]
    public async Task A_setting_that_is_read_at_the_start_alone_cannot_be_changed_by_a_reload(string key, string value)
    {
        await using Controller host = await Controller.StartAsync(_zone);

        host.Set($"Failover:Dns:site:{key}", value);
        await Until.True(() => host.Logs.GetSnapshot().Any(record => record.Message.Contains($"Failover:Dns:site:{key} ({value}) cannot change while running", StringComparison.Ordinal)));
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
    public async Task A_lost_answer_is_asked_for_under_the_same_operation()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        _zone.Answer = change =>
        {
            if (_zone.Changes.Count > 1)
            {
                return null;
            }

            return new DnsOutcome.Unknown("no answer in time");
        };

        host.Sicken("a");
        await host.SettlesOnAsync("b");

        Assert.Equal(2, _zone.Changes.Count);
        Assert.Single(_zone.Changes.Select(static change => change.Owner.Operation).Distinct());
    }

    [Fact]
    public async Task A_change_that_was_made_though_its_answer_was_lost_is_known_for_ours_and_can_be_put_back()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        _zone.Answer = change =>
        {
            _zone.Made(change);
            return new DnsOutcome.Unknown("no answer in time");
        };
        await Until.Ends(host.Group.SwitchToAsync("b", CancellationToken.None));
        Assert.Single(_zone.Changes);
        Assert.Empty(host.Logged("NameChangedOutside"));
        Assert.Null(host.Switch.Snapshot.Problem);
        Assert.NotNull(host.Switch.Snapshot.LastMove);

        host.Group.Pin();
        _zone.Answer = null;
        await host.Switch.RestoreAsync(CancellationToken.None);

        await host.SettlesOnAsync("a");
        Assert.Equal("A 192.0.2.1", _zone.State.Values.ToString());
    }

    [Fact]
    public async Task A_move_and_the_way_back_whose_answers_were_both_lost_are_each_sent_once_and_found_to_be_ours()
    {
        await using Controller host = await Controller.StartAsync(_zone);
        await host.SettlesOnAsync("a");
        _zone.Answer = change =>
        {
            _zone.Made(change);
            return new DnsOutcome.Unknown("no answer in time");
        };

        foreach (string member in (string[])["b", "a"])
        {
            Assert.Equal(SwitchoverOutcome.Completed, (await Until.Ends(host.Group.SwitchToAsync(member, CancellationToken.None))).Outcome);
            await Until.True(() => host.Group.Snapshot is { Condition: GroupCondition.Settled, LastSwitchover.IsFinal: true });
        }

        Assert.Equal(["A 192.0.2.2", "A 192.0.2.1"], _zone.Changes.Select(static change => change.Values.ToString()));
        Assert.Equal(2, _zone.Changes.Select(static change => change.Owner.Operation).Distinct().Count());
        Assert.Collection(
            host.Logged("NameMoved"),
            static told => Assert.Contains("from A 192.0.2.1 to A 192.0.2.2, by", told, StringComparison.Ordinal),
            static told => Assert.Contains("from A 192.0.2.2 to A 192.0.2.1, by", told, StringComparison.Ordinal));
        Assert.Empty((string[])[.. host.Logged("NameChangedOutside"), .. host.Logged("NameMovedElsewhere")]);
        Assert.Null(host.Switch.Snapshot.Problem);
        Assert.Equal("A 192.0.2.1", _zone.State.Values.ToString());
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

        HealthReportEntry entry = await CheckAsync(host);
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("shop-key", entry.Description, StringComparison.Ordinal);

        await Until.Ends(host.Group.SwitchToAsync("b", CancellationToken.None));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    [Fact]
    public async Task Health_is_degraded_until_it_is_proved_that_the_name_could_be_given_to_each_member()
    {
        TaskCompletionSource proving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _zone.Proving = proving.Task;
        await using Controller host = await Controller.StartAsync(_zone, settings: new() { ["Failover:Dns:site:Targets:b"] = "2001:db8::2" });
        await host.SettlesOnAsync("a");
        HealthReportEntry entry = await CheckAsync(host);
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("not proved yet", entry.Description, StringComparison.Ordinal);

        proving.SetResult();
        await Until.True(() => host.Logged("NameProven").Length == 1);

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
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

    [Fact]
    public async Task Two_members_with_the_same_values_are_refused_at_start() =>
        Assert.Contains("for a and for b", (await Assert.ThrowsAsync<OptionsValidationException>(() => Controller.StartAsync(_zone, settings: new() { ["Failover:Dns:site:Targets:b"] = "192.0.2.1" }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_name_outside_the_zone_is_refused_at_start() =>
        Assert.Equal("Failover:Rfc2136:site:Zone must be the zone of the name that is moved: shop.example.com is not within zone example.org.", (await Assert.ThrowsAsync<OptionsValidationException>(() => Controller.StartAsync(_zone, static dns => dns.UseRfc2136(static zone =>
            (zone.Server, zone.Zone, zone.KeyName, zone.Secret) = ("192.0.2.53", "example.org", "failover", Convert.ToBase64String(new byte[32])))))).Message);

    [Theory]
    [InlineData("Failover:Dns:site:TimeToLive", "00:00:00", "from 00:00:01")]
    [InlineData("Failover:Dns:site:TimeToLive", "00:00:01.5", "whole seconds")]
    [InlineData("Failover:Dns:site:NameServers:0", "ns1:", "a port where it is not 53")]
    [InlineData("Failover:Dns:site:Targets:b:0", "10", "IP addresses, or one other name", "Failover:Dns:site:Targets:b (10)")]
    [InlineData("Failover:Dns:site:Targets:b:0", "shop.example.com", "another name", "Failover:Dns:site:Targets:b (shop.example.com)")]
    [InlineData("Failover:Dns:site:Targets:c", "192.0.2.3", "must be the name of a member of site: a, b")]
    [InlineData("Failover:Dns:site:Owner", "a b", "1 to 64 letters")]
    [InlineData("Failover:Dns:shop:CoolDown", "00:00:01", "belongs to no group", "Failover:Dns:shop ")]
    [InlineData("Failover:Dns:site:Cooldwn", "00:00:01", "CoolDown")]
    public async Task A_wrong_setting_is_refused_at_start_by_its_key(string key, string value, string why, string? told = null)
    {
        string message = (await Assert.ThrowsAsync<OptionsValidationException>(() => Controller.StartAsync(_zone, settings: new() { [key] = value }))).Message;

        Assert.Contains(told ?? key, message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    private static async Task<HealthReportEntry> CheckAsync(Controller host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["dns"];
}
