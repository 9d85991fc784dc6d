using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Failover.Redis.Tunnel;

/// <summary>Where new connections lead, and whether they may go there now. Closed at the start. Safe for any thread.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The source has no timer: to cancel it is all there is to do.")]
internal sealed class Gate(TimeProvider time)
{
    /// <summary>How many addresses of one name are remembered.</summary>
    private const int MaxAddresses = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private EndPoint? _target;
    private ImmutableArray<IPEndPoint> _addresses = [];
    private bool _isOpen;
    private bool _isEnded;
    private CancellationTokenSource _changed = new();
    private int _waiting;
    private int _refusals;

    /// <summary>Gets how many connections wait here.</summary>
    internal int Waiting => Volatile.Read(ref _waiting);

    internal bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return _isOpen;
            }
        }
    }

    internal bool IsEnded => Volatile.Read(ref _isEnded);

    /// <summary>Lets new connections wait.</summary>
    /// <returns>False if they did before, or if it is the end.</returns>
    internal bool TryClose() => TryChange(wasOpen: true, _target, isOpen: false);

    /// <summary>Lets connections go to where they led before.</summary>
    /// <returns>False if they went there already, or if that is not known.</returns>
    internal bool TryOpen() => TryChange(wasOpen: false, _target, isOpen: true);

    /// <summary>Lets connections go to a server.</summary>
    /// <returns>Whether it is another one than before.</returns>
    internal bool OpenTo(EndPoint target)
    {
        EndPoint? before = Volatile.Read(ref _target);
        return TryChange(wasOpen: null, target, isOpen: true) && !target.Equals(before);
    }

    /// <summary>Sends away who waits; if nobody does, who comes next. Further ones wait again. Without effect if it is open.</summary>
    internal void SendAway()
    {
        CancellationTokenSource changed;
        lock (_lock)
        {
            if (_isOpen || _isEnded)
            {
                return;
            }

            (_refusals, changed, _changed) = (Math.Max(1, Waiting), _changed, new CancellationTokenSource());
        }

        changed.Cancel();
    }

    /// <summary>Lets nobody wait any longer, and nobody go.</summary>
    internal void End()
    {
        lock (_lock)
        {
            (_isOpen, _isEnded) = (false, true);
        }

        _changed.Cancel();
    }

    /// <summary>Whether an address is one of the server's that connections may go to now.</summary>
    internal bool LeadsTo(EndPoint? address) => HostAt(address) is not null;

    /// <summary>Returns the host of the server that connections may go to now, by the name that it was named by, if an address is one of its.</summary>
    internal string? HostAt(EndPoint? address)
    {
        lock (_lock)
        {
            return !_isOpen || Plain(address) is not { } plain || !_addresses.Contains(plain) ? null : _target switch
            {
                DnsEndPoint named => named.Host,
                IPEndPoint numbered => numbered.Address.ToString(),
                _ => null,
            };
        }
    }

    /// <summary>Waits until connections may go, and says where.</summary>
    /// <param name="connectLimit">How long a name may take to be looked up and tried.</param>
    /// <param name="failed">Told why a name leads nowhere. It is tried again.</param>
    /// <param name="rest">How long to wait first for a word that may come: that connections have to wait, or lead elsewhere.</param>
    /// <returns>Null at the end, and for who is sent away. It never throws.</returns>
    internal async ValueTask<IPEndPoint?> PassAsync(TimeSpan connectLimit, Action<Exception> failed, TimeSpan rest)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            if (rest > TimeSpan.Zero)
            {
                CancellationToken word;
                lock (_lock)
                {
                    word = _changed.Token;
                }

                await Task.Delay(rest, time, word).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            while (true)
            {
                EndPoint? target;
                CancellationToken changed;
                lock (_lock)
                {
                    if (_isEnded || (_refusals > 0 && _refusals-- > 0))
                    {
                        return null;
                    }

                    (target, changed) = (_isOpen ? _target : null, _changed.Token);
                }

                switch (target)
                {
                    case IPEndPoint numbered:
                        return numbered;
                    case DnsEndPoint named when await FindAsync(named, connectLimit, failed, changed).ConfigureAwait(false) is { } found && TryKeep(named, found):
                        return found;
                }

                // What it waits for comes with a change.
                await Task.Delay(target is null ? Timeout.InfiniteTimeSpan : Pause, time, changed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private bool TryChange(bool? wasOpen, EndPoint? target, bool isOpen)
    {
        CancellationTokenSource changed;
        lock (_lock)
        {
            if (_isEnded || target is null || (wasOpen is { } wanted && wanted != _isOpen))
            {
                return false;
            }

            if (!target.Equals(_target))
            {
                (_target, _addresses) = (target, target is IPEndPoint ? [Plain(target)!] : []);
            }

            (_isOpen, _refusals, changed, _changed) = (isOpen, 0, _changed, new CancellationTokenSource());
        }

        // Not under the lock: who waits goes on here.
        changed.Cancel();
        return true;
    }

    /// <summary>Returns the address of a name's that takes connections: of each connection it is to be known where it leads, and a name may have addresses that lead nowhere.</summary>
    private async ValueTask<IPEndPoint?> FindAsync(DnsEndPoint named, TimeSpan limit, Action<Exception> failed, CancellationToken changed)
    {
        using CancellationTokenSource end = new(limit, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(end.Token, changed);
        try
        {
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(named, both.Token).ConfigureAwait(false);
            return Plain(socket.RemoteEndPoint);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException or ArgumentException)
        {
            if (!changed.IsCancellationRequested)
            {
                failed(exception);
            }

            return null;
        }
    }

    /// <summary>A socket for both families tells an address of IPv4 as one of IPv6.</summary>
    private static IPEndPoint? Plain(EndPoint? address) =>
        address is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? new(mapped.Address.MapToIPv4(), mapped.Port) : address as IPEndPoint;

    private bool TryKeep(DnsEndPoint named, IPEndPoint found)
    {
        lock (_lock)
        {
            if (!_isOpen || !named.Equals(_target))
            {
                return false;
            }

            // Connections to those of before stay: the name did not say that they are wrong.
            _addresses = [.. _addresses.Remove(found).TakeLast(MaxAddresses - 1), found];
            return true;
        }
    }
}
