namespace Failover.Kubernetes.Api;

/// <summary>A stream of lines, none longer than an answer may be. Once it is disposed of, a read that is under way ends like the stream itself: nobody is left who would look at its exception.</summary>
internal sealed class BoundedLines(Stream inner) : Stream
{
    private int _line;
    private volatile bool _disposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (_disposed)
        {
            return 0;
        }
        catch (OperationCanceledException)
        {
            // The client forgets the answer, and its connection would be kept for it.
            await inner.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        int last = buffer.Span[..count].LastIndexOf((byte)'\n');
        _line = last < 0 ? _line + count : count - last - 1;
        return _line > AnswerBounds.MaxBytes ? throw new InvalidDataException("A line of the watch is too long.") : count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
