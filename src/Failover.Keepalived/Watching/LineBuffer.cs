namespace Failover.Keepalived.Watching;

/// <summary>Puts lines together from what was read piece by piece. What is longer than any line of keepalived's is skipped up to its end.</summary>
internal sealed class LineBuffer
{
    internal const int Longest = 512;

    private readonly byte[] _line = new byte[Longest];
    private int _length;
    private bool _isTooLong;

    /// <summary>Gets how many lines were none of keepalived's.</summary>
    internal long Skipped { get; private set; }

    /// <summary>Takes in what was read, and adds the lines that it completes.</summary>
    internal void Add(ReadOnlySpan<byte> read, List<FifoLine> lines)
    {
        while (!read.IsEmpty)
        {
            int end = read.IndexOf((byte)'\n');
            Append(end < 0 ? read : read[..end]);
            if (end < 0)
            {
                return;
            }

            Complete(lines);
            read = read[(end + 1)..];
        }
    }

    /// <summary>Forgets the piece of a line whose writer has gone.</summary>
    internal void Clear() => (_length, _isTooLong) = (0, false);

    private void Append(ReadOnlySpan<byte> piece)
    {
        if (_length + piece.Length > Longest)
        {
            (_length, _isTooLong) = (0, true);
        }
        else if (!_isTooLong)
        {
            piece.CopyTo(_line.AsSpan(_length));
            _length += piece.Length;
        }
    }

    private void Complete(List<FifoLine> lines)
    {
        if (!_isTooLong && FifoLine.Read(_line.AsSpan(0, _length)) is { } line)
        {
            lines.Add(line);
        }
        else if (_isTooLong || _length > 0)
        {
            Skipped++;
        }

        Clear();
    }
}
