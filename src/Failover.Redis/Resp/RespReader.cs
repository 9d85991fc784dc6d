using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Failover.Redis.Resp;

/// <summary>Reads answers of RESP2 from a stream. Each byte is looked at once, however slowly it comes, and an answer has a bound in bytes, in elements and in depth. For one caller at a time.</summary>
/// <param name="stream">Where the bytes come from. Not owned.</param>
internal sealed class RespReader(Stream stream)
{
    /// <summary>How many bytes an answer may have.</summary>
    internal const int MaxBytes = 1 << 20;

    /// <summary>How many values an answer may have in all.</summary>
    internal const int MaxElements = 10_000;

    /// <summary>How deep arrays may stand in each other.</summary>
    internal const int MaxDepth = 8;

    private byte[] _buffer = new byte[4096];
    private int _from;
    private int _to;
    private int _bytesLeft;
    private int _elementsLeft;

    /// <summary>Gets whether nothing was read beyond the last answer.</summary>
    internal bool IsEmpty => _from == _to;

    /// <summary>Reads the next answer.</summary>
    /// <exception cref="RespProtocolException">It is none, or too much.</exception>
    /// <exception cref="IOException">The connection was closed, or broke.</exception>
    internal ValueTask<RespValue> ReadAsync(CancellationToken cancellationToken)
    {
        (_bytesLeft, _elementsLeft) = (MaxBytes, MaxElements);
        return ReadAsync(1, cancellationToken);
    }

    private async ValueTask<RespValue> ReadAsync(int depth, CancellationToken cancellationToken)
    {
        if (--_elementsLeft < 0)
        {
            throw new RespProtocolException($"An answer has more than {MaxElements} elements.");
        }

        int length = await LineAsync(cancellationToken).ConfigureAwait(false);
        string line = Encoding.UTF8.GetString(_buffer, _from, length);
        _from += length + 2;
        switch (line.Length == 0 ? '\0' : line[0])
        {
            case '+':
                return RespValue.OfText(line[1..]);
            case '-':
                return RespValue.OfError(line[1..]);
            case ':':
                return RespValue.OfNumber(NumberOf(line));
            case '$':
                return await BulkAsync(NumberOf(line), cancellationToken).ConfigureAwait(false);
            case '*':
                return await ItemsAsync(NumberOf(line), depth, cancellationToken).ConfigureAwait(false);
            default:
                throw new RespProtocolException("An answer does not begin as one of RESP2 does.");
        }
    }

    private async ValueTask<RespValue> BulkAsync(long length, CancellationToken cancellationToken)
    {
        if (length == -1)
        {
            return RespValue.Null;
        }

        if (length < 0 || length > _bytesLeft - 2)
        {
            throw new RespProtocolException("A string has an impossible length, or is too long.");
        }

        int whole = (int)length + 2;
        _bytesLeft -= whole;
        while (_to - _from < whole)
        {
            await FillAsync(whole, cancellationToken).ConfigureAwait(false);
        }

        if (_buffer[_from + whole - 2] != '\r' || _buffer[_from + whole - 1] != '\n')
        {
            throw new RespProtocolException("A string does not end where it says.");
        }

        string text = Encoding.UTF8.GetString(_buffer, _from, whole - 2);
        _from += whole;
        return RespValue.OfText(text);
    }

    private async ValueTask<RespValue> ItemsAsync(long count, int depth, CancellationToken cancellationToken)
    {
        if (count == -1)
        {
            return RespValue.Null;
        }

        if (count < 0 || count > _elementsLeft)
        {
            throw new RespProtocolException($"An array has an impossible length, or an answer more than {MaxElements} elements.");
        }

        if (depth >= MaxDepth)
        {
            throw new RespProtocolException($"Arrays stand in each other more than {MaxDepth} deep.");
        }

        // Grows as items come: a count alone costs no memory.
        ImmutableArray<RespValue>.Builder items = ImmutableArray.CreateBuilder<RespValue>();
        for (long i = 0; i < count; i++)
        {
            items.Add(await ReadAsync(depth + 1, cancellationToken).ConfigureAwait(false));
        }

        return RespValue.OfItems(items.ToImmutable());
    }

    /// <summary>Waits until a whole line stands at the beginning of the buffer.</summary>
    /// <returns>Its length without its end.</returns>
    private async ValueTask<int> LineAsync(CancellationToken cancellationToken)
    {
        int looked = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_from + looked, _to - _from - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                int end = looked + at;
                _bytesLeft -= end + 1;
                return end >= 1 && _buffer[_from + end - 1] == '\r' && _bytesLeft >= 0 ? end - 1 : throw new RespProtocolException("A line does not end as one of RESP2 does, or is too long.");
            }

            looked = _to - _from;
            if (looked > _bytesLeft)
            {
                throw new RespProtocolException($"An answer has more than {MaxBytes} bytes.");
            }

            await FillAsync(looked + 1, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads some bytes, into a buffer that has room for what is wanted.</summary>
    private async ValueTask FillAsync(int wanted, CancellationToken cancellationToken)
    {
        if (_from > 0 && (_from == _to || _from + wanted > _buffer.Length))
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }

        // A long answer gets its room as it comes, twice as much each time.
        if (_to == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = await stream.ReadAsync(_buffer.AsMemory(_to), cancellationToken).ConfigureAwait(false);
        _to += read > 0 ? read : throw new EndOfStreamException("The server closed the connection.");
    }

    private static long NumberOf(string line) =>
        long.TryParse(line.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : throw new RespProtocolException("A number cannot be read.");
}
