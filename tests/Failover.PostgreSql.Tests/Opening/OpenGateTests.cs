using Failover.PostgreSql.Opening;

namespace Failover.PostgreSql.Tests.Opening;

public class OpenGateTests
{
    [Fact]
    public async Task Who_comes_when_all_were_told_that_there_is_none_does_not_wait_and_who_waits_when_it_ends_is_told_so()
    {
        OpenGate gate = new(width: 1);
        gate.Refuse();
        Assert.True(gate.EnterAsync(default).AsTask().IsCompletedSuccessfully);
        gate.Exit();

        gate.Close();
        Task waiting = gate.EnterAsync(default).AsTask();
        Assert.False(waiting.IsCompleted);
        gate.End();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => gate.EnterAsync(default).AsTask());
    }

    [Fact]
    public void Nobody_waits_at_a_gate_that_is_open_and_has_room()
    {
        OpenGate gate = new(width: 2);
        Assert.False(gate.IsFree);

        gate.Open();

        Assert.True(gate.IsFree);
        Assert.True(gate.EnterAsync(default).AsTask().IsCompletedSuccessfully);
        Assert.True(gate.EnterAsync(default).AsTask().IsCompletedSuccessfully);
        Task third = gate.EnterAsync(default).AsTask();
        Assert.False(third.IsCompleted);
        Assert.False(gate.IsFree);
    }

    [Fact]
    public async Task Who_waits_goes_on_in_the_order_of_coming()
    {
        OpenGate gate = new(width: 1);
        List<int> order = [];
        Task[] callers = [.. Enumerable.Range(0, 200).Select(async number =>
        {
            await gate.EnterAsync(default);
            order.Add(number);
            gate.Exit();
        })];
        Assert.Equal(200, gate.Waiting);

        gate.Open();
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(Enumerable.Range(0, 200), order);
        Assert.True(gate.IsFree);
    }

    [Fact]
    public async Task No_more_go_on_at_a_time_than_there_is_room()
    {
        OpenGate gate = new(width: 3);
        int inside = 0;
        int most = 0;
        Task[] callers = [.. Enumerable.Range(0, 200).Select(async _ =>
        {
            await gate.EnterAsync(default);
            int now = Interlocked.Increment(ref inside);
            for (int seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
            {
                Interlocked.CompareExchange(ref most, now, seen);
            }

            await Task.Yield();
            Interlocked.Decrement(ref inside);
            gate.Exit();
        })];

        gate.Open();
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.InRange(most, 1, 3);
        Assert.True(gate.IsFree);
    }

    [Fact]
    public void Who_comes_while_others_wait_does_not_pass_them()
    {
        OpenGate gate = new(width: 1);
        Task first = gate.EnterAsync(default).AsTask();
        Task second = gate.EnterAsync(default).AsTask();
        gate.Open();
        Task third = gate.EnterAsync(default).AsTask();

        Assert.False(second.IsCompleted);
        gate.Exit();
        Assert.False(third.IsCompleted);
        gate.Exit();
        Assert.True(SpinWait.SpinUntil(() => third.IsCompletedSuccessfully, TimeSpan.FromSeconds(30)));
        Assert.True(first.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_its_place_to_the_next()
    {
        OpenGate gate = new(width: 1);
        using CancellationTokenSource gone = new();
        Task first = gate.EnterAsync(gone.Token).AsTask();
        Task second = gate.EnterAsync(default).AsTask();

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.Open();

        await second.WaitAsync(TimeSpan.FromSeconds(30));
        gate.Exit();
        Assert.True(gate.IsFree);
    }

    [Fact]
    public async Task A_caller_that_gives_up_in_the_very_moment_of_its_turn_gives_the_turn_back()
    {
        for (int i = 0; i < 200; i++)
        {
            OpenGate gate = new(width: 1);
            using CancellationTokenSource gone = new();
            Task caller = gate.EnterAsync(gone.Token).AsTask();
            Task cancel = Task.Run(gone.Cancel);
            gate.Open();
            await cancel;
            await caller.ContinueWith(_ => { }, TaskScheduler.Default);
            if (caller.IsCompletedSuccessfully)
            {
                gate.Exit();
            }

            Assert.True(gate.IsFree);
            Assert.True(gate.EnterAsync(default).AsTask().IsCompletedSuccessfully);
        }
    }

    [Fact]
    public async Task All_that_wait_go_on_when_there_is_no_hope()
    {
        OpenGate gate = new(width: 1);
        Task[] callers = [.. Enumerable.Range(0, 20).Select(_ => gate.EnterAsync(default).AsTask())];

        gate.Refuse();

        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(30));
        Array.ForEach(callers, _ => gate.Exit());
        gate.Open();
        Assert.True(gate.IsFree);
    }

    [Fact]
    public void A_gate_that_closes_holds_who_comes_then()
    {
        OpenGate gate = new(width: 1);
        gate.Open();
        gate.Close();

        Assert.False(gate.IsFree);
        Assert.False(gate.EnterAsync(default).AsTask().IsCompleted);
    }
}
