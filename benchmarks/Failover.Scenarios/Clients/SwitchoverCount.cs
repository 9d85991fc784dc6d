namespace Failover.Scenarios.Clients;

/// <summary>Counts the switchovers of a group, the first choice apart. Starts the group, as the host of an app would.</summary>
internal sealed class SwitchoverCount : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private int _value;

    internal SwitchoverCount(FailoverGroup group)
    {
        IAsyncEnumerable<Switchover> switchovers = group.ReadSwitchoversAsync(_stop.Token);
        group.Start();
        _reading = ReadAsync(switchovers);
    }

    internal int Value => Volatile.Read(ref _value);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReadAsync(IAsyncEnumerable<Switchover> switchovers)
    {
        await foreach (Switchover switchover in switchovers)
        {
            if (switchover is { IsFinal: true, Outcome: SwitchoverOutcome.Completed, Cause: not SwitchoverCause.Initial })
            {
                Interlocked.Increment(ref _value);
            }
        }
    }
}
