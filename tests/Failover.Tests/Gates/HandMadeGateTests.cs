using Failover.Arbiters;
using Failover.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Failover.Tests.Gates;

/// <summary>What a gate over something else than a lease gets from the core.</summary>
public sealed class HandMadeGateTests
{
    private readonly HandMadeGate _gate = new();
    private readonly PrimaryServiceTests.Job.Journal _journal = new();

    [Fact]
    public async Task A_service_runs_behind_it_while_it_is_open()
    {
        await using GateHost host = Host();
        await host.StartAsync();
        Assert.Empty(_journal.Lines);

        _gate.Open();
        await Until.True(() => _journal.Running == 1);
        _gate.Shut();
        await Until.True(() => _gate.Left == 1);
        _gate.Open();
        await Until.True(() => _journal.Running == 1);
        await host.StopAsync();

        Assert.Equal(["begins ", "ends ", "begins ", "ends "], _journal.Lines);
        Assert.Equal(2, _gate.Left);
    }

    [Fact]
    public async Task It_has_the_name_that_it_was_added_by_and_is_disposed_of_with_the_container()
    {
        GateHost host = Host();
        IPrimaryGate gate = host.Services.GetRequiredKeyedService<IPrimaryGate>("site");
        Assert.Equal("site", gate.Name);
        Assert.False(_gate.IsDisposed);

        await host.DisposeAsync();

        Assert.True(_gate.IsDisposed);
    }

    [Fact]
    public void It_is_disposed_of_with_a_container_that_is_not_disposed_of_asynchronously()
    {
        ServiceCollection services = [];
        services.AddFailover().AddPrimaryGate("site", _ => _gate);
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            provider.GetRequiredKeyedService<IPrimaryGate>("site");
        }

        Assert.True(_gate.IsDisposed);
    }

    [Fact]
    public async Task A_service_that_fails_is_a_problem_of_the_gate_until_it_runs()
    {
        await using GateHost host = Host();
        _journal.Work = (_, _) => _journal.Lines.Count < 2 ? throw new InvalidOperationException("password=hunter2") : Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        _gate.State = new() { IsPrimary = true, HasAnswer = true, Holder = "node-a", Users = 1 };
        IPrimaryGate gate = host.Services.GetRequiredKeyedService<IPrimaryGate>("site");
        await host.StartAsync();

        _gate.Open();
        await Until.True(() => gate.State.Problem is not null);

        Assert.Equal(_gate.State with { Problem = "Job failed (InvalidOperationException)" }, gate.State);
        _gate.State = _gate.State with { Problem = "both nodes hold the address" };
        Assert.Equal("both nodes hold the address", gate.State.Problem);
        _gate.State = _gate.State with { Problem = null };
        await host.AdvanceUntilAsync(() => gate.State.Problem is null);
        Assert.Equal(["begins ", "ends ", "begins "], _journal.Lines);
    }

    [Fact]
    public async Task A_name_that_is_wrong_is_told_with_this_one()
    {
        await using GateHost host = new("host-a", new MemoryStore(TimeProvider.System), null, failover => failover
            .AddPrimaryGate("site", _ => _gate)
            .AddPrimaryService<PrimaryServiceTests.Job>("siet"));

        OptionsValidationException told = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal("AddPrimaryService<Job> uses the gate 'siet', which is not there (there are nightly, site; did you mean site?): add it with AddPrimaryGate(\"siet\", …).", Assert.Single(told.Failures));
    }

    [Fact]
    public void A_name_is_given_once()
    {
        IFailoverBuilder failover = new ServiceCollection().AddFailover().AddPrimaryGate("site", _ => _gate);

        Assert.Throws<InvalidOperationException>(() => failover.AddPrimaryGate("SITE", _ => _gate));
        Assert.Throws<InvalidOperationException>(() => failover.AddPrimaryGate("Site", gate => gate.UseStore(_ => new MemoryStore(TimeProvider.System))));
        Assert.Throws<ArgumentException>(() => failover.AddPrimaryGate("a:b", _ => _gate));
        Assert.Throws<ArgumentNullException>(() => failover.AddPrimaryGate("other", (Func<IServiceProvider, IPrimaryGate>)null!));
    }

    private GateHost Host() => new("host-a", new MemoryStore(TimeProvider.System), null, failover =>
    {
        failover.Services.AddSingleton(_journal);
        failover.AddPrimaryGate("site", _ => _gate).AddPrimaryService<PrimaryServiceTests.Job>("site");
    });
}
