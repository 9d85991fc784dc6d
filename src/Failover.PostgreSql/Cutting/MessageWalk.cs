using System.Buffers.Binary;

namespace Failover.PostgreSql.Cutting;

/// <summary>
/// Goes through one direction of a connection's traffic from message to message (a byte of type, four of length), and shows the few types that are watched.
/// Bodies are skipped unread, however the traffic is cut into pieces. Not thread-safe: one for each direction.
/// </summary>
internal abstract class MessageWalk
{
    // An error's severity and state come first, "COMMIT" is short.
    private const int Kept = 128;
    private const int HeaderLength = 5;

    private readonly ulong _watched;
    private readonly byte[] _kept = new byte[Kept];
    private int _keptLength;
    private int _headerLength;
    private int _left;
    private byte _watching;
    private bool _hasBegun;
    private bool _isLost;

    /// <param name="watched">The types that are shown; letters.</param>
    private protected MessageWalk(ReadOnlySpan<byte> watched)
    {
        foreach (byte type in watched)
        {
            _watched |= Bit(type);
        }
    }

    /// <summary>Gets whether nothing has come yet, or a watched message whole and nothing after it.</summary>
    private protected bool IsAtWatched => _left == 0 && _headerLength == 0 && (_watching != 0 || !_hasBegun);

    internal void Walk(ReadOnlySpan<byte> data)
    {
        if (_isLost)
        {
            return;
        }

        while (true)
        {
            if (_left > 0)
            {
                int taken = Math.Min(_left, data.Length);
                if (_watching != 0)
                {
                    Keep(data[..taken]);
                }

                data = data[taken..];
                _left -= taken;
                if (_left > 0)
                {
                    return;
                }

                Show();
            }

            if (_headerLength == 0 && data.Length >= HeaderLength)
            {
                Begin(data);
                data = data[HeaderLength..];
            }
            else if (!TryBegin(ref data))
            {
                return;
            }

            if (_isLost)
            {
                return;
            }
        }
    }

    /// <summary>A watched message is over; <paramref name="body"/> is its beginning.</summary>
    private protected abstract void OnMessage(byte type, ReadOnlySpan<byte> body);

    /// <summary>This is not the protocol as we know it: nothing more is shown.</summary>
    private protected abstract void OnLost();

    private static ulong Bit(byte type) => type is >= 64 and < 128 ? 1UL << (type - 64) : 0;

    private bool TryBegin(ref ReadOnlySpan<byte> data)
    {
        int taken = Math.Min(HeaderLength - _headerLength, data.Length);
        data[..taken].CopyTo(_kept.AsSpan(_headerLength));
        data = data[taken..];
        _headerLength += taken;
        if (_headerLength < HeaderLength)
        {
            return false;
        }

        Begin(_kept);
        return true;
    }

    private void Begin(ReadOnlySpan<byte> header)
    {
        _headerLength = 0;
        _keptLength = 0;
        _hasBegun = true;
        int length = BinaryPrimitives.ReadInt32BigEndian(header[1..]) - 4;

        // Not the protocol as we know it: better to see nothing from here on than to see what is not there.
        if (length < 0)
        {
            _isLost = true;
            OnLost();
        }

        _left = Math.Max(length, 0);
        _watching = (_watched & Bit(header[0])) != 0 ? header[0] : (byte)0;
        if (_left == 0 && !_isLost)
        {
            Show();
        }
    }

    private void Keep(ReadOnlySpan<byte> data)
    {
        int taken = Math.Min(data.Length, Kept - _keptLength);
        data[..taken].CopyTo(_kept.AsSpan(_keptLength));
        _keptLength += taken;
    }

    private void Show()
    {
        if (_watching != 0)
        {
            OnMessage(_watching, _kept.AsSpan(0, _keptLength));
        }
    }
}
