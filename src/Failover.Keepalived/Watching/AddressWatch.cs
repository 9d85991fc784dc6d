using System.Net;
using System.Net.NetworkInformation;

namespace Failover.Keepalived.Watching;

/// <summary>Knows whether the virtual address is on an interface of this node: looks when the kernel says that addresses have changed, and whenever it is asked to.</summary>
/// <param name="look">Looks.</param>
/// <param name="post">Is given what was seen, one look after the other; it must not throw.</param>
/// <param name="failed">Is given why it could not look: once, until it could again.</param>
internal sealed class AddressWatch(Func<bool> look, Action<bool> post, Action<Exception> failed) : IDisposable
{
    private volatile bool _isDisposed;
    private bool _isFailing;
    private int _asked;

    internal void Start() => NetworkChange.NetworkAddressChanged += OnChanged;

    public void Dispose()
    {
        _isDisposed = true;
        NetworkChange.NetworkAddressChanged -= OnChanged;
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

            if (TryLook() is { } owns)
            {
                post(owns);
            }
        }
        while (Interlocked.CompareExchange(ref _asked, 0, seen) != seen);
    }

    private bool? TryLook()
    {
        try
        {
            bool owns = look();
            _isFailing = false;
            return owns;
        }
#pragma warning disable CA1031 // The list may be changing. What is not known stays what it was, and somebody looks again in a second.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (!_isFailing)
            {
                _isFailing = true;
                failed(failure);
            }

            return null;
        }
    }

    private void OnChanged(object? sender, EventArgs args) => Look();
}
