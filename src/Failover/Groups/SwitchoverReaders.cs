using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Failover.Groups;

/// <summary>Those who read a group's switchovers, each with a bounded queue of its own: a slow reader loses the oldest revisions, and holds up nobody.</summary>
internal sealed class SwitchoverReaders(GroupParts parts)
{
    private const int Capacity = 256;

    private ImmutableArray<Channel<Switchover>> _channels = [];
    private bool _completed;
    private long _dropped;

    /// <summary>Revisions that were dropped, of all readers together.</summary>
    internal long Dropped => Interlocked.Read(ref _dropped);

    internal IAsyncEnumerable<Switchover> Add(CancellationToken cancellationToken)
    {
        Channel<Switchover> channel = Channel.CreateBounded<Switchover>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = false },
            Drop);
        lock (this)
        {
            if (_completed)
            {
                channel.Writer.TryComplete();
            }
            else
            {
                _channels = _channels.Add(channel);
            }
        }

        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(_ => Remove(channel), null);
        return ReadAsync(channel, registration, cancellationToken);
    }

    internal void Publish(Switchover switchover)
    {
        foreach (Channel<Switchover> channel in _channels)
        {
            channel.Writer.TryWrite(switchover);
        }
    }

    internal void Complete()
    {
        lock (this)
        {
            _completed = true;
            foreach (Channel<Switchover> channel in _channels)
            {
                channel.Writer.TryComplete();
            }

            _channels = [];
        }
    }

    private async IAsyncEnumerable<Switchover> ReadAsync(
        Channel<Switchover> channel, CancellationTokenRegistration registration, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (Switchover switchover in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return switchover;
            }
        }
        finally
        {
            Remove(channel);
            await registration.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Remove(Channel<Switchover> channel)
    {
        lock (this)
        {
            _channels = _channels.Remove(channel);
        }
    }

    private void Drop(Switchover switchover)
    {
        long dropped = Interlocked.Increment(ref _dropped);
        parts.Telemetry.Dropped(parts.Name);
        if (long.IsPow2(dropped))
        {
            Log.ReaderFellBehind(parts.Logger, parts.Name, dropped);
        }
    }
}
