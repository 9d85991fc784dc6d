using System.Threading.Channels;
using Failover;

namespace Maintenance;

/// <summary>Prints each switchover when all is known of it.</summary>
internal sealed class Switchovers
{
    private readonly Channel<Switchover> _printed = Channel.CreateUnbounded<Switchover>();

    internal Switchovers(FailoverGroup group, CancellationToken cancellationToken) => _ = ReadAsync(group, cancellationToken);

    /// <summary>Waits until the next one was printed.</summary>
    internal ValueTask<Switchover> PrintedAsync(CancellationToken cancellationToken) => _printed.Reader.ReadAsync(cancellationToken);

    private async Task ReadAsync(FailoverGroup group, CancellationToken cancellationToken)
    {
        #region docs:read
        await foreach (Switchover told in group.ReadSwitchoversAsync(cancellationToken))
        {
            if (told.IsFinal)
            {
                Print(told);
            }
        }
        #endregion
    }

    private void Print(Switchover told)
    {
        Console.WriteLine($"  >> {told.Cause}: {told.From?.Name ?? "nobody"} -> {told.To}");
        _printed.Writer.TryWrite(told);
    }
}
