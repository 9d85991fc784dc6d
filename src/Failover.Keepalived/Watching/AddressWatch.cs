using System.Net;
using System.Net.NetworkInformation;

namespace Failover.Keepalived.Watching;

/// <summary>Knows whether the virtual address is on an interface of this node: looks when the kernel says that addresses have changed, and each second besides.</summary>
internal sealed class AddressWatch : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Func<bool> _look;
    private readonly Action<bool> _post;
    private readonly ITimer _timer;
    private volatile bool _isDisposed;
    private int _asked;

    /// <param name="look">Looks; what it throws counts as no look.</param>
    /// <param name="post">Is given what was seen, one look after the other.</param>
    /// <param name="time">The clock.</param>
    internal AddressWatch(Func<bool> look, Action<bool> post, TimeProvider time)
    {
        (_look, _post) = (look, post);
        _timer = time.CreateTimer(static watch => ((AddressWatch)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks once before it returns, and goes on.</summary>
    internal void Start()
    {
        NetworkChange.NetworkAddressChanged += OnChanged;
        Look();
        _timer.Change(Pace, Pace);
    }

    public void Dispose()
    {
        _isDisposed = true;
        NetworkChange.NetworkAddressChanged -= OnChanged;
        _timer.Dispose();
    }

    /// <summary>Whether an interface of this process's network namespace has the address. Its scope does not count: the address of an interface has one, that of a configuration may not.</summary>
    internal static bool IsHere(IPAddress address)
    {
        byte[] wanted = address.GetAddressBytes();
        foreach (NetworkInterface link in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (UnicastIPAddressInformation its in link.GetIPProperties().UnicastAddresses)
            {
                if (its.Address.GetAddressBytes().AsSpan().SequenceEqual(wanted))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>One looks at a time. Who comes meanwhile has it look once more: what it saw may be of before.</summary>
    internal void Look()
    {
        if (Interlocked.Increment(ref _asked) > 1)
        {
            return;
        }

        int seen;
        do
        {
            seen = Volatile.Read(ref _asked);
            if (_isDisposed)
            {
                return;
            }

            try
            {
                _post(_look());
            }
            catch (NetworkInformationException)
            {
                // The list was changing; the next look is a second away.
            }
        }
        while (Interlocked.CompareExchange(ref _asked, 0, seen) != seen);
    }

    private void OnChanged(object? sender, EventArgs args) => Look();
}
