using Failover.Arbiters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.Keepalived.Tests.Registration;

/// <summary>Gates over a virtual address, as an app registers them.</summary>
public sealed class KeepalivedGateTests
{
    [LinuxFact]
    public async Task A_gate_lets_pass_while_this_node_holds_the_address()
    {
        await using SiteHost host = new(static (failover, host) => failover.AddKeepalivedGate("jobs", "site").AddKeepalived("site", host.Set));
        await host.StartAsync();
        IPrimaryGate gate = host.Services.GetRequiredKeyedService<IPrimaryGate>("jobs");
        Task<PrimaryScope> waiting = gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
        Assert.Equal(("jobs", false, false), (gate.Name, waiting.IsCompleted, gate.State.IsPrimary));

        await host.BecomesMasterAsync();
        PrimaryScope scope = await Until.Ends(waiting);
        Assert.Equal((true, null, "node-a"), (scope.IsPrimary, scope.Token, gate.State.Holder));
        host.Keepalived.Write("BACKUP 50");

        await Until.SoAsync(() => scope.Lost.IsCancellationRequested && !gate.State.IsPrimary, () => $"the scope to be lost; the gate is {gate.State}");
        await scope.DisposeAsync();
    }

    [LinuxFact]
    public async Task A_gate_with_a_lease_beside_it_lets_pass_who_has_both_with_the_token_of_the_lease()
    {
        MemoryStore? store = null;
        await using SiteHost host = new((failover, host) =>
        {
            store = new MemoryStore(host.Time);
            failover.AddKeepalived("site", host.Set).AddKeepalivedGate("jobs", "site", "jobs-lease").AddPrimaryGate("jobs-lease", lease => lease.UseStore(_ => store));
        });
        await host.StartAsync();
        Task<PrimaryScope> waiting = host.Services.GetRequiredKeyedService<IPrimaryGate>("jobs").WaitForPrimaryAsync(CancellationToken.None).AsTask();
        Assert.Equal(0, store!.CallsOf("take"));

        await host.BecomesMasterAsync();
        PrimaryScope scope = await Until.Ends(waiting);

        Assert.Equal((true, 1L, "memory"), (scope.IsPrimary, scope.Token, scope.Lineage));
        await scope.DisposeAsync();
    }

    [LinuxFact]
    public async Task A_gate_over_a_group_or_a_lease_that_is_not_there_is_told_at_start()
    {
        await using SiteHost host = new(static (failover, host) => failover.AddKeepalived("site", host.Set).AddKeepalivedGate("jobs", "sote").AddKeepalivedGate("mails", "site", "mails-lease"));

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);

        Assert.Contains(refused.Failures, static problem => problem.Contains("The gate 'jobs'", StringComparison.Ordinal) && problem.Contains("'sote'", StringComparison.Ordinal));
        Assert.Contains(refused.Failures, static problem => problem.Contains("The gate 'mails'", StringComparison.Ordinal) && problem.Contains("'mails-lease'", StringComparison.Ordinal));
    }

    [LinuxFact]
    public async Task A_gate_over_a_group_of_another_kind_is_refused()
    {
        await using SiteHost host = new(static (failover, _) => failover.AddKeepalivedGate("jobs", "orders").AddGroup("orders", static (_, group) => group.AddMember(new Uri("tcp://a:1")).UseProbe(Moq.Mock.Of<IMemberProbe>())));

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredKeyedService<IPrimaryGate>("jobs"));

        Assert.Contains("only a group of kind Keepalived", refused.Message, StringComparison.Ordinal);
    }
}
