namespace Failover.Redis.Tunnel;

/// <summary>
/// Counts along where the answers of a server end, in RESP2 and RESP3 (https://redis.io/docs/latest/develop/reference/protocol-spec/): only there may something be put in between. Long strings are stepped over by their length. What it does not know,
/// it says it is lost at, and stays so. A mutable struct, for one reader.
/// </summary>
internal struct FrameBoundary
{
    /// <summary>Longer than anything that a server sends: 512 MB are its limit for a string.</summary>
    private const long MaxLength = 1L << 40;

    private long _elements;
    private long _skip;
    private long _number;
    private byte _type;
    private bool _inLine;
    private bool _isNegative;
    private bool _hasDigit;

    /// <summary>Gets whether all that began has ended.</summary>
    internal readonly bool IsAtBoundary => _elements == 0 && _skip == 0 && !_inLine && !IsLost;

    /// <summary>Gets whether something came that is not known: nothing can be said of where it ends.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>Takes in what was read next.</summary>
    internal void Feed(ReadOnlySpan<byte> read)
    {
        while (!read.IsEmpty && !IsLost)
        {
            if (_skip > 0)
            {
                int skipped = (int)Math.Min(_skip, read.Length);
                _skip -= skipped;
                read = read[skipped..];
            }
            else if (!_inLine)
            {
                Begin(read[0]);
                read = read[1..];
            }
            else
            {
                int end = read.IndexOf((byte)'\n');
                ReadOnlySpan<byte> part = end < 0 ? read : read[..end];
                if (HasLength(_type))
                {
                    Count(part);
                }

                read = end < 0 ? [] : read[(end + 1)..];
                if (end >= 0)
                {
                    _inLine = false;
                    EndLine();
                }
            }
        }
    }

    private static bool HasLength(byte type) => type is (byte)'$' or (byte)'=' or (byte)'!' or (byte)'*' or (byte)'~' or (byte)'>' or (byte)'%' or (byte)'|';

    private void Begin(byte type)
    {
        if (!HasLength(type) && type is not ((byte)'+' or (byte)'-' or (byte)':' or (byte)'_' or (byte)',' or (byte)'#' or (byte)'('))
        {
            IsLost = true;
            return;
        }

        (_type, _inLine, _number, _isNegative, _hasDigit) = (type, true, 0, false, false);
        if (_elements == 0)
        {
            _elements = 1;
        }
    }

    private void Count(ReadOnlySpan<byte> digits)
    {
        foreach (byte digit in digits)
        {
            if (digit is >= (byte)'0' and <= (byte)'9' && _number < MaxLength)
            {
                (_number, _hasDigit) = ((_number * 10) + (digit - '0'), true);
            }
            else if (digit == '-' && !_hasDigit && !_isNegative)
            {
                _isNegative = true;
            }
            else if (digit != '\r')
            {
                // A string or a list whose length comes later, or nonsense.
                IsLost = true;
                return;
            }
        }
    }

    private void EndLine()
    {
        if (HasLength(_type) && !_hasDigit)
        {
            IsLost = true;
            return;
        }

        // A length below zero is that of nothing.
        long length = _isNegative ? 0 : _number;
        switch (_type)
        {
            case (byte)'$' or (byte)'=' or (byte)'!':
                _elements--;
                _skip = _isNegative ? 0 : length + 2;
                break;
            case (byte)'*' or (byte)'~' or (byte)'>':
                _elements += length - 1;
                break;
            case (byte)'%':
                _elements += (2 * length) - 1;
                break;
            case (byte)'|':
                // What it speaks of follows.
                _elements += 2 * length;
                break;
            default:
                _elements--;
                break;
        }

        IsLost |= _elements > MaxLength;
    }
}
