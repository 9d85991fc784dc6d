namespace Failover.Redis.Tunnel;

/// <summary>
/// Counts along where the answers of a server end, in RESP2 and RESP3 (https://redis.io/docs/latest/develop/reference/protocol-spec/): only there may something be put in between. Long strings are stepped over by their length. At what it does not know, and
/// at what ends where it should not, it says that it is lost, and stays so. A mutable struct, for one reader.
/// </summary>
internal struct FrameBoundary
{
    /// <summary>Longer than anything that a server sends: 512 MB are its limit for a string.</summary>
    private const long MaxLength = 1L << 40;

    /// <summary>A value is at least a letter and the end of its line.</summary>
    private const int LeastBytes = 3;

    /// <summary>As many as a whole string in one buffer can have.</summary>
    private const int MaxDigits = 9;

    /// <summary>How many values have still to begin.</summary>
    private long _elements;

    /// <summary>How much is left of a string.</summary>
    private long _body;
    private long _number;
    private Place _place;
    private byte _type;
    private bool _isNegative;
    private bool _hasDigit;

    /// <summary>Where in a value the next byte is.</summary>
    private enum Place : byte
    {
        Type,
        Line,
        LineFeed,
        Body,
        BodyEnd,
        BodyLineFeed,
    }

    /// <summary>Gets whether all that began has ended.</summary>
    internal readonly bool IsAtBoundary => _elements == 0 && _place == Place.Type && !IsLost;

    /// <summary>Gets whether something came that is not known: nothing can be said any more of where anything ends.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>Gets whether anything came.</summary>
    internal bool HasSeen { get; private set; }

    /// <summary>Gets whether the server speaks RESP3: it has sent what RESP2 does not have.</summary>
    internal bool HasSeenResp3 { get; private set; }

    /// <summary>Gets how many bytes are sure to come before the next boundary; 0 at one.</summary>
    internal readonly long Owed => (LeastBytes * _elements) + _place switch
    {
        Place.Line or Place.BodyEnd => 2,
        Place.LineFeed or Place.BodyLineFeed => 1,
        Place.Body => _body + 2,
        _ => 0,
    };

    /// <summary>Takes in what was read next.</summary>
    internal void Feed(ReadOnlySpan<byte> read)
    {
        while (!read.IsEmpty && !IsLost)
        {
            switch (_place)
            {
                case Place.Type when Whole(read) is > 0 and var whole:
                    _elements = Math.Max(0, _elements - 1);
                    HasSeen = true;
                    read = read[whole..];
                    break;
                case Place.Type:
                    Begin(read[0]);
                    read = read[1..];
                    break;
                case Place.Line:
                    read = read[Line(read)..];
                    break;
                case Place.Body:
                    int part = (int)Math.Min(_body, read.Length);
                    _body -= part;
                    _place = _body == 0 ? Place.BodyEnd : Place.Body;
                    read = read[part..];
                    break;
                case Place.BodyEnd:
                    Expect(read[0], (byte)'\r', Place.BodyLineFeed);
                    read = read[1..];
                    break;
                case Place.BodyLineFeed:
                    Expect(read[0], (byte)'\n', Place.Type);
                    read = read[1..];
                    break;
                default:
                    Expect(read[0], (byte)'\n', Place.Type);
                    read = read[1..];
                    EndLine();
                    break;
            }
        }
    }

    private static bool HasLength(byte type) => type is (byte)'$' or (byte)'*' or (byte)'%' or (byte)'>' or (byte)'~' or (byte)'=' or (byte)'|' or (byte)'!';

    /// <summary>Returns the length of a value that is most of what servers say, if all of it is here; 0 for what has to be looked at step by step.</summary>
    private static int Whole(ReadOnlySpan<byte> read)
    {
        int end;
        switch (read[0])
        {
            case (byte)'+' or (byte)':':
                end = read.IndexOfAny((byte)'\r', (byte)'\n');
                return end > 0 && IsEnd(read, end) ? end + 2 : 0;
            case (byte)'$':
                int length = 0;
                for (end = 1; end < read.Length && end < MaxDigits && char.IsAsciiDigit((char)read[end]); end++)
                {
                    length = (length * 10) + (read[end] - '0');
                }

                int last = end + 2 + length;
                return end > 1 && IsEnd(read, end) && IsEnd(read, last) ? last + 2 : 0;
            default:
                return 0;
        }
    }

    private static bool IsEnd(ReadOnlySpan<byte> read, int at) => at + 1 < read.Length && read[at] == (byte)'\r' && read[at + 1] == (byte)'\n';

    private void Begin(byte type)
    {
        if (type is (byte)'%' or (byte)'>' or (byte)'~' or (byte)'=' or (byte)'|' or (byte)'!' or (byte)'_' or (byte)',' or (byte)'#' or (byte)'(')
        {
            HasSeenResp3 = true;
        }
        else if (type is not ((byte)'$' or (byte)'+' or (byte)':' or (byte)'*' or (byte)'-'))
        {
            IsLost = true;
            return;
        }

        (_type, _place, _number, _isNegative, _hasDigit, HasSeen) = (type, Place.Line, 0, false, false, true);
        _elements = Math.Max(0, _elements - 1);
    }

    /// <summary>Steps over what there is of a line. A line ends with both of its bytes, and holds neither.</summary>
    private int Line(ReadOnlySpan<byte> read)
    {
        int end = HasLength(_type) ? Count(read) : read.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            return read.Length;
        }

        if (read[end] != (byte)'\r')
        {
            IsLost = true;
        }

        _place = Place.LineFeed;
        return end + 1;
    }

    /// <summary>Reads a length; returns where something else stands.</summary>
    private int Count(ReadOnlySpan<byte> read)
    {
        for (int i = 0; i < read.Length; i++)
        {
            int digit = read[i] - '0';
            if (digit is >= 0 and <= 9 && _number < MaxLength)
            {
                (_number, _hasDigit) = ((_number * 10) + digit, true);
            }
            else if (read[i] == (byte)'-' && !_hasDigit && !_isNegative)
            {
                _isNegative = true;
            }
            else
            {
                // The end; or a string or a list whose length comes later, or nonsense.
                return i;
            }
        }

        return -1;
    }

    private void Expect(byte read, byte wanted, Place next)
    {
        IsLost |= read != wanted;
        _place = next;
    }

    private void EndLine()
    {
        if (!HasLength(_type))
        {
            return;
        }

        // A length below zero, which is -1, is that of nothing.
        IsLost |= !_hasDigit || (_isNegative && _number != 1);
        long length = _isNegative ? 0 : _number;
        switch (_type)
        {
            case (byte)'$' or (byte)'=' or (byte)'!':
                (_body, _place) = (length, _isNegative ? Place.Type : length == 0 ? Place.BodyEnd : Place.Body);
                break;
            case (byte)'*' or (byte)'~' or (byte)'>':
                _elements += length;
                break;
            case (byte)'%':
                _elements += 2 * length;
                break;
            default:
                // An attribute: what it speaks of follows.
                _elements += (2 * length) + 1;
                break;
        }

        IsLost |= _elements > MaxLength;
    }
}
