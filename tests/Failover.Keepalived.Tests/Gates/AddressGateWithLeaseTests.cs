using Failover.Keepalived.Gates;

namespace Failover.Keepalived.Tests.Gates;

/// <summary>A gate over an address, with a lease beside it.</summary>
public sealed class AddressGateWithLeaseTests : IDisposable
{
    private readonly FakeAddress _address = new();
    private readonly FakeLease _lease = new();
    private readonly AddressGate _gate;

    public AddressGateWithLeaseTests() => _gate = new AddressGate("site", _address, _lease).Start();

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task Only_who_has_both_passes_and_has_the_token_of_the_lease()
    {
        Task<PrimaryScope> waiting = WaitAsync();
        _lease.Grant();
        Assert.Equal(0, _lease.Waiting);
        Assert.Equal(new PrimaryGateState { HasAnswer = true, Holder = "node-b", Users = 1 }, _gate.State);

        _address.Move(here: true);
        PrimaryScope scope = await Until.Ends(waiting);

        Assert.Equal((true, 7L, "etcd"), (scope.IsPrimary, scope.Token, scope.Lineage));
        Assert.Equal(new PrimaryGateState { IsPrimary = true, HasAnswer = true, Token = 7, Holder = "host-a", Users = 1 }, _gate.State);
        await scope.DisposeAsync();
        Assert.Equal(0, _lease.Inside);
    }

    [Fact]
    public async Task The_address_alone_is_not_enough_and_what_the_lease_lacks_is_told()
    {
        _address.Move(here: true);
        Task<PrimaryScope> waiting = WaitAsync();
        await Until.SoAsync(() => _lease.Waiting == 1, () => $"{_lease.Waiting} wait for the lease");
        Assert.Equal(new PrimaryGateState { Holder = "node-a", Users = 1 }, _gate.State);

        _lease.State = new() { Problem = "etcd is away" };
        Assert.Equal((false, "etcd is away"), (_gate.State.IsPrimary, _gate.State.Problem));

        _lease.Grant();
        Assert.True((await Until.Ends(waiting)).IsPrimary);
    }

    [Fact]
    public async Task Whichever_is_lost_the_scope_is_lost()
    {
        _address.Move(here: true);
        _lease.Grant();
        PrimaryScope one = await Until.Ends(WaitAsync());

        _lease.Lose();
        Assert.False(one.IsPrimary);
        Assert.True(one.Lost.IsCancellationRequested);

        _lease.Grant();
        PrimaryScope other = await Until.Ends(WaitAsync());
        _address.Move(here: false);
        Assert.False(other.IsPrimary);
        await Until.SoAsync(() => other.Lost.IsCancellationRequested, () => "who is inside is told");

        // Who is inside may be in the midst of an act: the lease is given back when he leaves.
        Assert.Equal(2, _lease.Inside);
        await one.DisposeAsync();
        await other.DisposeAsync();
        Assert.Equal(0, _lease.Inside);
    }

    [Fact]
    public async Task Nobody_waits_for_the_lease_while_the_address_is_elsewhere()
    {
        _address.Move(here: true);
        Task<PrimaryScope> waiting = WaitAsync();
        await Until.SoAsync(() => _lease.Waiting == 1, () => $"{_lease.Waiting} wait for the lease");

        _address.Move(here: false);
        await Until.SoAsync(() => _lease.Waiting == 0, () => $"{_lease.Waiting} wait for the lease");
        _lease.Grant();
        Assert.False(waiting.IsCompleted);

        _address.Move(here: true);
        Assert.True((await Until.Ends(waiting)).IsPrimary);
    }

    [Fact]
    public async Task Who_waits_for_the_lease_may_give_up_and_is_told_when_the_gate_is_disposed_of()
    {
        _address.Move(here: true);
        using CancellationTokenSource patience = new();
        Task<PrimaryScope> impatient = _gate.WaitForPrimaryAsync(patience.Token).AsTask();
        await Until.SoAsync(() => _lease.Waiting == 1, () => $"{_lease.Waiting} wait for the lease");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Until.Ends(impatient));

        Task<PrimaryScope> waiting = WaitAsync();
        await Until.SoAsync(() => _lease.Waiting == 1, () => $"{_lease.Waiting} wait for the lease");
        _gate.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Until.Ends(waiting));
        Assert.Equal((0, 0), (_lease.Waiting, _gate.State.Users));
    }

    private Task<PrimaryScope> WaitAsync() => _gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
}
