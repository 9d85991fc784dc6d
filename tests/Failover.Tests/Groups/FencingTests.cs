using Failover.Tests.Gates;

namespace Failover.Tests.Groups;

/// <summary>A group whose switcher may act only when the member that failed is fenced.</summary>
public sealed class FencingTests
{
    private readonly FakeSwitcher _switcher = new();
    private readonly FakeArbiter _arbiter = new();
    private readonly List<FenceRequest> _fenced = [];
    private volatile bool _works = true;
    private TaskCompletionSource _ends = new();

    [Fact]
    public async Task A_member_that_failed_is_fenced_before_another_takes_over()
    {
        await using Watched group = await SettledAsync();
        _works = false;
        group.Probe.Answer(group.A, ProbeResult.Failure("refused"));

        await group.AdvanceUntilAsync(() => Fenced.Count >= 2);
        Assert.Empty(_switcher.Applied);
        Assert.Contains(group.Logged("SwitchNotApplied"), static one => one.Message.Contains("a could not be fenced: no answer from its power switch", StringComparison.Ordinal));

        _works = true;
        await group.AdvanceUntilAsync(() => group.Now.Active == group.B);

        // Each try has a lease of its own: another host may be able to fence in between.
        Assert.Equal([("b", Fenced[^1].Token)], _switcher.Applied);
        Assert.Equal(Enumerable.Range(1, Fenced.Count).Select(token => ("orders", "a", (Uri?)group.A.Address, (long?)token)), Fenced.Select(static request => (request.Resource, request.Target, request.Address, request.Token)));
    }

    [Fact]
    public async Task A_member_that_is_left_in_peace_is_not_fenced()
    {
        await using Watched group = await SettledAsync();

        await Until.Ends(group.Group.SwitchToAsync(group.B, CancellationToken.None));

        Assert.Equal([("b", 1L)], _switcher.Applied);
        Assert.Empty(Fenced);
    }

    [Fact]
    public async Task Nobody_is_fenced_if_somebody_else_has_switched_already()
    {
        await using Watched group = await SettledAsync();
        _switcher.PointsTo = group.B;
        group.Probe.Answer(group.A, ProbeResult.Failure("refused"));

        await group.AdvanceUntilAsync(() => group.Now.Active == group.B);

        Assert.Empty(_switcher.Applied);
        Assert.Empty(Fenced);
    }

    [Fact]
    public async Task An_act_is_not_begun_when_the_lease_has_run_out_though_nothing_has_told_of_it_yet()
    {
        await using Watched group = await SettledAsync();
        bool isFirst = true;
        _switcher.Reading = _ =>
        {
            // As after a pause of the process between its reading and its act.
            if (_arbiter.Leases.Count > 0 && isFirst)
            {
                isFirst = false;
                _arbiter.Leases[^1].IsStale = true;
            }

            return Task.CompletedTask;
        };

        Task<Switchover> asked = group.Group.SwitchToAsync(group.B, CancellationToken.None);
        await group.AdvanceUntilAsync(() => group.Logged("SwitchNotApplied").Any());

        Assert.Empty(_switcher.Applied);
        Assert.Contains(group.Logged("SwitchNotApplied"), static one => one.Message.Contains("the lease has run out", StringComparison.Ordinal));
        _arbiter.Leases[^1].Lose();
        await group.AdvanceUntilAsync(() => asked.IsCompleted);
        Assert.Equal([("b", 2L)], _switcher.Applied);
    }

    [Fact]
    public async Task The_lease_is_kept_through_a_fence_that_takes_longer_than_it_is_kept_at_rest()
    {
        await using Watched group = await SettledAsync();
        _ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
        group.Probe.Answer(group.A, ProbeResult.Failure("refused"));
        await group.AdvanceUntilAsync(() => Fenced.Count == 1);

        DateTimeOffset begun = group.Time.GetUtcNow();
        await group.AdvanceUntilAsync(() => group.Time.GetUtcNow() - begun > TimeSpan.FromSeconds(25));
        Assert.False(_arbiter.Leases[^1].IsDisposed);
        _ends.SetResult();
        await group.AdvanceUntilAsync(() => group.Now.Active == group.B);

        Assert.Single(Fenced);
        Assert.Equal([("b", Fenced[0].Token)], _switcher.Applied);
        await group.AdvanceUntilAsync(() => _arbiter.Leases[^1].IsDisposed);
    }

    private List<FenceRequest> Fenced
    {
        get
        {
            lock (_fenced)
            {
                return [.. _fenced];
            }
        }
    }

    private async Task<Watched> SettledAsync()
    {
        _ends.TrySetResult();
        FakeFence fence = new(async request =>
        {
            lock (_fenced)
            {
                _fenced.Add(request);
            }

            await _ends.Task;
            return _works ? new FenceResult(true, "off") : new(false, "no answer from its power switch");
        });
        Watched group = new(g => g.UseSwitcher(_switcher).UseArbiter(_arbiter).UseFence(fence));
        _switcher.PointsTo = group.A;
        group.Group.Start();
        await Until.True(() => group.Now is { Condition: GroupCondition.Settled } now && now.Members.All(m => m.Verdict == Verdict.Healthy));
        return group;
    }
}
