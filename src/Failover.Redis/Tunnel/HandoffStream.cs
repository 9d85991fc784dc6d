using System.Runtime.CompilerServices;

namespace Failover.Redis.Tunnel;

/// <summary>
/// A connection's stream, passed through, into which a message can be put as if the server had sent it, between two of its answers. As long as nothing is put in, a read costs one comparison and the step over what came, and allocates nothing.
/// Read by one reader; <see cref="PutIn"/> and <see cref="Stream.Dispose()"/> may be called from any thread.
/// </summary>
/// <param name="inner">The stream. It is disposed of with this one.</param>
/// <param name="ended">Called once, when nothing more can be read: who reads may end the connection below, and never dispose of this stream.</param>
internal sealed class HandoffStream(Stream inner, Action ended) : Stream
{
    private FrameBoundary _boundary;
    private byte[]? _message;
    private int _given;
    private volatile CancellationTokenSource _wake = new();
    private int _isEnded;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts a message in at the next boundary. Without effect while another one waits for it.</summary>
    internal void PutIn(byte[] message)
    {
        if (Interlocked.CompareExchange(ref _message, message, null) is not null)
        {
            return;
        }

        // The read that waits for the server's next word is woken.
        _wake.Cancel();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? inner.ReadAsync(buffer, cancellationToken) : ReadStepAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        if (TryGive(buffer, out int given))
        {
            return given;
        }

        int read = inner.Read(buffer);
        _boundary.Feed(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            Tell();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadStepAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryGive(buffer.Span, out int given))
            {
                return given;
            }

            // While a message waits for the end of an answer, nothing has to wake the read.
            CancellationTokenSource wake = _wake;
            bool isWoken = Volatile.Read(ref _message) is null;
            using CancellationTokenRegistration ended = isWoken && cancellationToken.CanBeCanceled ? cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), wake) : default;
            try
            {
                int read = await inner.ReadAsync(buffer, isWoken ? wake.Token : cancellationToken).ConfigureAwait(false);
                _boundary.Feed(buffer.Span[..read]);
                if (read == 0)
                {
                    Tell();
                }

                return read;
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                Tell();
                throw;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && wake.IsCancellationRequested)
            {
                // Woken, with nothing read. The old source is not disposed of: who wakes may hold it.
                _wake = new CancellationTokenSource();
            }
        }
    }

    private bool TryGive(Span<byte> buffer, out int given)
    {
        given = 0;
        if (Volatile.Read(ref _message) is not { } message || (_given == 0 && !_boundary.IsAtBoundary))
        {
            return false;
        }

        given = Math.Min(buffer.Length, message.Length - _given);
        message.AsSpan(_given, given).CopyTo(buffer);
        _given += given;
        if (_given == message.Length)
        {
            _given = 0;
            Volatile.Write(ref _message, null);
        }

        return true;
    }

    private void Tell()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) == 0)
        {
            ended();
        }
    }
}
