using Failover.Keepalived.Gates;

namespace Failover.Keepalived.Tests.Gates;

public sealed class AddressGateTests : IDisposable
{
    private readonly FakeAddress _address = new();
    private readonly AddressGate _gate;

    public AddressGateTests() => _gate = new AddressGate("site", _address, null).Start();

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task It_lets_pass_while_the_address_is_here_and_has_no_token()
    {
        _address.Move(here: true);

        await using PrimaryScope scope = await PassAsync();

        Assert.True(scope.IsPrimary);
        Assert.Null(scope.Token);
        Assert.Null(scope.Lineage);
        Assert.Equal(new PrimaryGateState { IsPrimary = true, HasAnswer = true, Holder = "node-a", Users = 1 }, _gate.State);
    }

    [Fact]
    public async Task An_address_that_was_here_before_is_seen_at_the_start()
    {
        _address.Hold(true);
        using AddressGate gate = new AddressGate("site", _address, null).Start();

        await using PrimaryScope scope = await Until.Ends(gate.WaitForPrimaryAsync(CancellationToken.None).AsTask());

        Assert.True(scope.IsPrimary);
    }

    [Fact]
    public void An_address_that_leaves_while_the_gate_begins_to_follow_it_leaves_the_gate_closed()
    {
        FakeAddress address = new();
        address.Hold(true);
        Thread mover = new(() => address.Move(here: false));
        address.AfterReading = () =>
        {
            address.AfterReading = static () => { };
            mover.Start();

            // It has told of it, or is told to wait.
            Assert.True(SpinWait.SpinUntil(() => mover.ThreadState is ThreadState.Stopped or ThreadState.WaitSleepJoin, TimeSpan.FromSeconds(30)));
        };

        using AddressGate gate = new AddressGate("site", address, null).Start();

        Assert.True(mover.Join(TimeSpan.FromSeconds(30)));
        Assert.False(gate.WaitForPrimaryAsync(CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task All_who_wait_pass_when_the_address_comes()
    {
        Task<PrimaryScope>[] waiting = [WaitAsync(), WaitAsync(), WaitAsync()];
        Assert.All(waiting, static one => Assert.False(one.IsCompleted));
        Assert.Equal(new PrimaryGateState { HasAnswer = true, Holder = "node-b", Users = 3 }, _gate.State);

        _address.Move(here: true);

        Assert.All(await Until.Ends(Task.WhenAll(waiting)), static scope => Assert.True(scope.IsPrimary));
        Assert.Equal(3, _gate.State.Users);
    }

    [Fact]
    public async Task When_the_address_leaves_nobody_is_the_primary_at_once_and_all_are_told()
    {
        _address.Move(here: true);
        PrimaryScope one = await PassAsync(), other = await PassAsync();
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        one.Lost.Register(told.SetResult);

        _address.Move(here: false);

        Assert.False(one.IsPrimary);
        Assert.False(other.IsPrimary);
        Assert.Throws<OperationCanceledException>(one.ThrowIfNotPrimary);
        Assert.False(_gate.State.IsPrimary);
        await Until.Ends(told.Task);
        await Until.SoAsync(() => other.Lost.IsCancellationRequested, () => "who is inside is told");
        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task A_loss_holds_up_nobody_who_tells_it()
    {
        _address.Move(here: true);
        PrimaryScope scope = await PassAsync();
        using ManualResetEventSlim blocks = new();
        scope.Lost.Register(blocks.Wait);

        _address.Move(here: false);

        Assert.False(scope.IsPrimary);
        blocks.Set();
    }

    [Fact]
    public async Task Who_asks_before_he_acts_is_told_of_a_loss_that_nobody_was_told_of_yet()
    {
        _address.Move(here: true);
        PrimaryScope scope = await PassAsync();

        _address.Hold(false);

        Assert.False(scope.IsPrimary);
        Assert.False(_gate.State.IsPrimary);
    }

    [Fact]
    public async Task Who_was_inside_when_the_address_left_is_not_the_primary_again_when_it_comes_back()
    {
        _address.Move(here: true);
        PrimaryScope before = await PassAsync();
        _address.Move(here: false);
        _address.Move(here: true);

        PrimaryScope after = await PassAsync();

        Assert.False(before.IsPrimary);
        Assert.True(after.IsPrimary);
        await Until.SoAsync(() => before.Lost.IsCancellationRequested, () => "who is inside is told");
        Assert.False(after.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_loss_that_is_over_when_it_is_told_is_a_loss_to_who_is_inside()
    {
        _address.Move(here: true);
        await using PrimaryScope scope = await PassAsync();

        _address.Tell(wasHeld: false);
        _address.Tell(wasHeld: true);

        Assert.False(scope.IsPrimary);
        await using PrimaryScope next = await PassAsync();
        Assert.True(next.IsPrimary);
    }

    [Fact]
    public async Task Who_leaves_is_not_counted_any_more_and_others_stay()
    {
        _address.Move(here: true);
        PrimaryScope one = await PassAsync(), other = await PassAsync();

        await one.DisposeAsync();
        await one.DisposeAsync();

        Assert.Equal((1, false, true), (_gate.State.Users, one.IsPrimary, other.IsPrimary));
        Assert.True(one.Lost.IsCancellationRequested);
        Assert.False(other.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_not_counted_any_more()
    {
        using CancellationTokenSource patience = new();
        Task<PrimaryScope> waiting = _gate.WaitForPrimaryAsync(patience.Token).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Until.Ends(waiting));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _gate.WaitForPrimaryAsync(patience.Token).AsTask());
        Assert.Equal(0, _gate.State.Users);
    }

    [Fact]
    public async Task A_gate_that_is_disposed_of_ends_all_scopes_and_all_waits()
    {
        Task<PrimaryScope> waiting = WaitAsync();
        _gate.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Until.Ends(waiting));

        AddressGate gate = new AddressGate("site", _address, null).Start();
        _address.Move(here: true);
        PrimaryScope scope = await Until.Ends(gate.WaitForPrimaryAsync(CancellationToken.None).AsTask());
        await gate.DisposeAsync();

        Assert.False(scope.IsPrimary);
        await Until.SoAsync(() => scope.Lost.IsCancellationRequested, () => "who is inside is told");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => gate.WaitForPrimaryAsync(CancellationToken.None).AsTask());
        Assert.False(_address.IsFollowed);
        _address.Move(here: true);
        Assert.Equal((false, 1), (gate.State.IsPrimary, gate.State.Users));
        await scope.DisposeAsync();
        Assert.Equal(0, gate.State.Users);
    }

    [Fact]
    public void What_is_wrong_with_the_address_is_told()
    {
        _address.Problem = "both nodes hold the address";

        Assert.Equal("both nodes hold the address", _gate.State.Problem);
    }

    [Fact]
    public async Task An_address_that_flaps_leaves_nobody_inside_who_should_not_be()
    {
        List<PrimaryScope> scopes = [];
        Task waiter = Task.Run(async () =>
        {
            while (scopes.Count < 200)
            {
                scopes.Add(await WaitAsync());
            }
        });
        Task mover = Task.Run(() =>
        {
            while (!waiter.IsCompleted)
            {
                _address.Move(here: true);
                Thread.SpinWait(1000);
                _address.Move(here: false);
            }
        });

        await Until.Ends(Task.WhenAll(waiter, mover));

        Assert.All(scopes, static scope => Assert.False(scope.IsPrimary));
        Assert.Equal(scopes.Count, _gate.State.Users);
    }

    private Task<PrimaryScope> PassAsync() => Until.Ends(WaitAsync());

    private Task<PrimaryScope> WaitAsync() => _gate.WaitForPrimaryAsync(CancellationToken.None).AsTask();
}
