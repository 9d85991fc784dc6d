using Failover.Groups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.Tests.Groups;

public sealed class FailoverGroupTests
{
    [Fact]
    public async Task The_first_read_of_the_snapshot_starts_the_group()
    {
        await using Watched group = new();
        Assert.Equal(0, group.Probe.Asked(group.A));

        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));

        await Until.True(() => group.Now.Condition == GroupCondition.Settled);
        Assert.Same(group.A, group.Now.Active);
        await Until.True(() => group.Now.Members[1].Verdict == Verdict.Healthy);
        Assert.Equal([1, 1], [group.Probe.Asked(group.A), group.Probe.Asked(group.B)]);
    }

    [Fact]
    public async Task A_member_is_probed_again_after_its_interval_and_not_before()
    {
        await using Watched group = await Watched.SettledAsync();

        group.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, group.Probe.Asked(group.B));

        group.Time.Advance(TimeSpan.FromSeconds(2));
        await Until.True(() => group.Probe.Asked(group.A) == 3 && group.Probe.Asked(group.B) == 3);
    }

    [Fact]
    public async Task Failed_calls_have_moved_the_group_when_the_last_of_them_returns()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;

        for (int i = 0; i < 3; i++)
        {
            Assert.Same(group.A, group.Now.Active);
            meter.Failed(meter.Start());
        }

        Assert.Same(group.B, group.Now.Active);
        Assert.Same(group.B, group.Now.Route[0].Member);
        Assert.Equal(Verdict.Unhealthy, group[group.A].Verdict);
        Assert.Equal("3 calls failed in a row", group[group.A].Evidence);
    }

    // Not the active one: nothing else of the group changes.
    [Fact]
    public async Task Who_waits_for_a_member_hears_that_it_was_given_up()
    {
        await using Watched group = await Watched.SettledAsync();
        CancellationToken ofA = group[group.A].GivenUp;
        CancellationToken ofB = group[group.B].GivenUp;
        Verdict seen = default;
        using CancellationTokenRegistration waits = ofB.Register(() => seen = group[group.B].Verdict);
        MemberMeter meter = group[group.B].Meter;

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(ofB, group[group.B].GivenUp);
            meter.Failed(meter.Start());
        }

        await Until.True(() => ofB.IsCancellationRequested && seen != default);
        Assert.Equal(Verdict.Unhealthy, seen);
        Assert.NotEqual(ofB, group[group.B].GivenUp);
        Assert.False(group[group.B].GivenUp.IsCancellationRequested);
        Assert.Equal(ofA, group[group.A].GivenUp);
        Assert.False(ofA.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_waits_for_a_member_that_was_given_up_hears_that_another_recovers()
    {
        await using Watched group = await Watched.SettledAsync();
        group.Probe.Answer(group.A, ProbeResult.Timeout("silent"));
        group.Probe.Answer(group.B, ProbeResult.Timeout("silent"));
        Fail(group.A);
        CancellationToken ofA = group[group.A].GivenUp;
        Fail(group.B);
        Assert.Equal(ofA, group[group.A].GivenUp);
        CancellationToken ofB = group[group.B].GivenUp;
        Verdict seen = default;
        using CancellationTokenRegistration waits = ofA.Register(() => seen = group[group.B].Verdict);

        // A probe that fails in between begins the count anew.
        while (group[group.B].Verdict == Verdict.Unhealthy)
        {
            Assert.False(ofA.IsCancellationRequested);
            group[group.B].Meter.Succeeded(group[group.B].Meter.Start());
        }

        await Until.True(() => ofA.IsCancellationRequested && seen != default);
        Assert.NotEqual(Verdict.Unhealthy, seen);
        Assert.False(group[group.A].GivenUp.IsCancellationRequested);
        Assert.Equal(ofB, group[group.B].GivenUp);
        Assert.False(ofB.IsCancellationRequested);

        void Fail(FailoverMember member)
        {
            MemberMeter meter = group[member].Meter;
            for (int i = 0; i < 3; i++)
            {
                meter.Failed(meter.Start());
            }

            Assert.Equal(Verdict.Unhealthy, group[member].Verdict);
        }
    }

    [Fact]
    public async Task Members_keep_their_meter_while_they_stay()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;
        FailoverMember c = new("c", new("http://c.test/"));

        group.Group.AddMember(c);
        Assert.Equal(["a", "b", "c"], group.Now.Members.Select(m => m.Member.Name));
        Assert.Same(meter, group[group.A].Meter);

        group.Group.RemoveMember(group.A);
        Assert.Equal(["b", "c"], group.Now.Members.Select(m => m.Member.Name));
        Assert.Same(group.B, group.Now.Active);
        meter.Failed(meter.Start());

        group.Group.SetMembers([group.A, group.B]);
        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));
        Assert.NotSame(meter, group[group.A].Meter);
    }

    [Fact]
    public async Task Lists_of_members_that_make_no_sense_are_refused_or_ignored()
    {
        await using Watched group = await Watched.SettledAsync();
        FailoverMember impostor = new("A", new("http://elsewhere.test/"));

        Assert.Contains("same name", Assert.Throws<ArgumentException>(() => group.Group.SetMembers([group.A, impostor])).Message, StringComparison.Ordinal);
        Assert.Contains("same address", Assert.Throws<ArgumentException>(() => group.Group.SetMembers([group.A, new("z", group.A.Address)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => group.Group.AddMember(impostor));
        group.Group.SetMembers([]);
        group.Group.AddMember(group.A);
        group.Group.RemoveMember(impostor);
        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));

        group.Group.RemoveMember(group.A);
        Assert.Throws<InvalidOperationException>(() => group.Group.RemoveMember(group.B));
    }

    [Fact]
    public void A_builder_refuses_a_list_that_mixes_https_and_http_unless_it_is_allowed()
    {
        FailoverGroupBuilder builder = new FailoverGroupBuilder("orders").UseProbe(new FakeProbe()).AddMember(new Uri("https://a.test/")).AddMember(new Uri("http://b.test/"));

        Assert.Equal(
            ["The members of orders must not mix https and http (https://a.test/ and http://b.test/): after a failover, requests meant for https would go out in clear; AllowInsecureMember allows it."],
            Assert.Throws<OptionsValidationException>(builder.Build).Failures);
        using FailoverGroup group = builder.AllowInsecureMember().Build();
        Assert.True(group.Snapshot.AllowsInsecureMember);
    }

    [Fact]
    public async Task A_running_group_refuses_a_list_that_mixes_https_and_http_unless_it_is_allowed()
    {
        await using Watched group = await Watched.SettledAsync();
        FailoverMember secure = new("s", new("https://s.test/"));

        Assert.Contains("must not mix", Assert.Throws<ArgumentException>(() => group.Group.AddMember(secure)).Message, StringComparison.Ordinal);
        Assert.Contains("must not mix", Assert.Throws<ArgumentException>(() => group.Group.SetMembers([group.A, secure])).Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));

        group.Group.SetMembers([group.A, secure], allowInsecureMember: true);
        group.Group.AddMember(group.B);
        Assert.Equal(["a", "s", "b"], group.Now.Members.Select(m => m.Member.Name));
        Assert.True(group.Now.AllowsInsecureMember);

        Assert.Throws<ArgumentException>(() => group.Group.SetMembers([group.A, secure], allowInsecureMember: false));
        Assert.True(group.Now.AllowsInsecureMember);
        group.Group.SetMembers([secure], allowInsecureMember: false);
        Assert.False(group.Now.AllowsInsecureMember);
        Assert.Throws<ArgumentException>(() => group.Group.AddMember(group.A));
    }

    [Fact]
    public async Task The_mix_may_be_allowed_and_forbidden_while_the_members_stay()
    {
        await using Watched group = await Watched.SettledAsync();

        group.Group.SetMembers([group.A, group.B], allowInsecureMember: true);
        Assert.True(group.Now.AllowsInsecureMember);
        group.Group.SetMembers([group.A, group.B], allowInsecureMember: false);
        Assert.False(group.Now.AllowsInsecureMember);
        Assert.Same(group.A, group.Now.Active);
    }

    [Fact]
    public async Task A_member_that_the_level_cannot_serve_is_refused_wherever_it_comes_from()
    {
        static string? WhyNot(FailoverMember member) => member.Address.Scheme == "http" ? null : "must be http";
        FailoverMember stranger = new("t", new("tcp://t.test:1"));
        FailoverGroupBuilder builder = new FailoverGroupBuilder("orders").UseProbe(new FakeProbe()).AddMember(stranger).CheckMembers(WhyNot);
        Assert.Equal(["The member tcp://t.test:1 of orders must be http."], Assert.Throws<OptionsValidationException>(builder.Build).Failures);

        await using Watched group = await Watched.SettledAsync(made => made.CheckMembers(WhyNot));
        Assert.StartsWith("The member tcp://t.test:1 of orders must be http.", Assert.Throws<ArgumentException>(() => group.Group.AddMember(stranger)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => group.Group.SetMembers([stranger]));
        Assert.Equal(["a", "b"], group.Now.Members.Select(m => m.Member.Name));
    }

    [Fact]
    public async Task A_drained_member_is_left_and_comes_back_when_its_time_is_over()
    {
        await using Watched group = await Watched.SettledAsync();

        group.Group.Drain(group.A, TimeSpan.FromSeconds(20));
        Assert.Same(group.B, group.Now.Active);
        Assert.True(group[group.A].IsDrained);
        Assert.Equal(SwitchoverCause.Drain, group.Now.LastSwitchover?.Cause);

        await group.AdvanceUntilAsync(() => !group[group.A].IsDrained);
        group.Group.Drain(group.B);
        group.Group.Undrain(group.B);
        Assert.False(group[group.B].IsDrained);
        Assert.Throws<ArgumentException>(() => group.Group.Drain(new FailoverMember(new("http://z.test/"))));
    }

    [Fact]
    public async Task A_pinned_group_stays_where_it_is()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;

        group.Group.Pin();
        for (int i = 0; i < 3; i++)
        {
            meter.Failed(meter.Start());
        }

        Assert.True(group.Now.IsPinned);
        Assert.Same(group.A, group.Now.Active);

        group.Group.Unpin();
        Assert.Same(group.B, group.Now.Active);
    }

    [Fact]
    public async Task Waiting_for_the_active_member_ends_with_its_first_proof()
    {
        await using Watched group = new();
        TaskCompletionSource<ProbeResult> first = group.Probe.Hang(group.A);
        group.Probe.Answer(group.B, ProbeResult.Failure("closed"));

        Task<FailoverMember> waiting = group.Group.WaitForActiveAsync(CancellationToken.None).AsTask();
        await Until.True(() => group.Probe.Asked(group.A) == 1);
        Assert.False(waiting.IsCompleted);

        first.SetResult(ProbeResult.Success());
        Assert.Same(group.A, await Until.Ends(waiting));
        Assert.True(group.Group.WaitForActiveAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_for_the_active_member_ends_with_the_callers_token()
    {
        await using Watched group = new();
        group.Probe.Hang(group.A);
        group.Probe.Hang(group.B);
        using CancellationTokenSource patience = new();

        Task<FailoverMember> waiting = group.Group.WaitForActiveAsync(patience.Token).AsTask();
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Until.Ends(waiting));
    }

    [Fact]
    public async Task A_change_token_fires_once_when_the_active_member_changes()
    {
        await using Watched group = await Watched.SettledAsync();
        TaskCompletionSource fired = new();
        group.Group.GetChangeToken().RegisterChangeCallback(_ => fired.SetResult(), null);

        group.Group.Hint(new(HintKind.LookNow, "test"));
        await group.AdvanceUntilAsync(() => group.Probe.Asked(group.A) == 3);
        Assert.False(fired.Task.IsCompleted);

        group.Group.Drain(group.A);
        await Until.Ends(fired.Task);
        Assert.False(group.Group.GetChangeToken().HasChanged);
    }

    [Fact]
    public async Task A_callback_that_throws_hurts_nobody()
    {
        await using Watched group = await Watched.SettledAsync();
        group.Group.GetChangeToken().RegisterChangeCallback(_ => throw new InvalidOperationException("mine"), null);

        group.Group.Drain(group.A);

        await Until.True(() => group.Logged("EffectFault").Any());
        Assert.Same(group.B, group.Now.Active);
    }

    [Fact]
    public async Task Reading_the_route_allocates_nothing()
    {
        await using Watched group = await Watched.SettledAsync();
        FailoverGroup handle = group.Group;
        object? seen = handle.Snapshot.Route[0];

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            seen = handle.Snapshot.Route[0];
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        GC.KeepAlive(seen);
    }

    [Fact]
    public async Task Snapshots_are_made_anew_only_when_something_in_them_changes()
    {
        await using Watched group = await Watched.SettledAsync();
        GroupSnapshot before = group.Now;

        group.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(before, group.Now);

        group.Group.Pin();
        Assert.Equal(before.Version + 1, group.Now.Version);
        Assert.Same(before.Members[0], group.Now.Members[0]);
    }

    [Fact]
    public async Task New_settings_hold_from_now_on()
    {
        await using Watched group = await Watched.SettledAsync();
        MemberMeter meter = group[group.A].Meter;
        GroupOptions options = new();
        options.Detection.FailuresInARow = 1;

        group.Group.Reconfigure(options);
        group.Group.ReportConfigurationError("Failover:Groups:orders:StartTimeout (soon) is not a time.");
        meter.Failed(meter.Start());

        Assert.Same(group.B, group.Now.Active);
        Assert.NotNull(group.Now.ConfigurationError);
        group.Group.ReportConfigurationError(null);
        Assert.Null(group.Now.ConfigurationError);
    }

    [Fact]
    public void A_builder_names_all_that_is_missing_or_wrong()
    {
        FailoverGroupBuilder builder = new FailoverGroupBuilder("orders").Configure(o => o.Detection.Fall = 0);
        string message = Assert.Throws<OptionsValidationException>(builder.Build).Message;
        Assert.Contains("probe", message, StringComparison.Ordinal);
        Assert.Contains("members", message, StringComparison.Ordinal);
        Assert.Contains("Failover:Groups:orders:Detection:Fall", message, StringComparison.Ordinal);

        builder = new FailoverGroupBuilder("orders").UseProbe(new FakeProbe()).AddMember(new Uri("http://a.test/")).AddMember("b", new("http://a.test/"));
        Assert.Contains("same address", Assert.Throws<OptionsValidationException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_elects_by_role_may_begin_without_members()
    {
        FakeProbe probe = new();
        await using FailoverGroup group = new FailoverGroupBuilder("db").ElectByRole().UseProbe(probe).Build();
        Assert.True(group.Snapshot.Route.IsEmpty);

        FailoverMember primary = new("pg-a", new("tcp://pg-a.test:5432"));
        FailoverMember replica = new("pg-b", new("tcp://pg-b.test:5432"));
        probe.Answer(primary, ProbeResult.Success(MemberRole.Primary, new("1", 3)));
        probe.Answer(replica, ProbeResult.Success(MemberRole.Replica, new("1", 3)) with { Lag = TimeSpan.FromSeconds(1) });
        group.SetMembers([primary, replica]);

        Assert.Same(primary, await Until.Ends(group.WaitForActiveAsync(CancellationToken.None).AsTask()));
        Assert.Equal(new Epoch("1", 3), group.Snapshot.Epoch);
        Assert.Equal(["pg-b"], group.Snapshot.Readable.Select(m => m.Member.Name));
    }

    private sealed record Nonsense : Failover.Engine.GroupEvent;

    [Fact]
    public async Task A_fault_of_the_engine_is_logged_and_the_group_lives_on()
    {
        await using Watched group = await Watched.SettledAsync();
        GroupSnapshot before = group.Now;

        group.Group.Post(new Nonsense());

        Assert.Same(before, group.Now);
        Assert.Equal(LogLevel.Error, Assert.Single(group.Logged("EngineFault")).Level);
        group.Group.Drain(group.A);
        Assert.Same(group.B, group.Now.Active);
    }
}
