using System.Runtime.CompilerServices;

namespace Failover.Redis.Tunnel;

/// <summary>
/// A connection's stream, passed through, into which a message can be put as if the server had sent it, between two of its answers. As long as nothing is put in, a read costs the step over what came, and allocates nothing; a write is the inner stream's own.
/// Read by one reader; all else may be called from any thread.
/// </summary>
/// <param name="inner">The stream. It is disposed of with this one.</param>
internal sealed class HandoffStream(Stream inner) : Stream
{
    private FrameBoundary _boundary;
    private byte[]? _message;
    private int _given;
    private CancellationTokenSource _wake = new();
    private volatile bool _hasEnded;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gets whether a message of RESP3 can be put in: the server has spoken it, and nothing that is not known.</summary>
    internal bool TakesMessages => _boundary is { HasSeenResp3: true, IsLost: false };

    /// <summary>Gets whether the server has answered, and not in RESP3, or in something that is not known.</summary>
    internal bool RefusesMessages => _boundary is { HasSeen: true, HasSeenResp3: false } or { IsLost: true };

    /// <summary>Gets whether a message that was put in waits to be read.</summary>
    internal bool IsMessageWaiting => Volatile.Read(ref _message) is not null;

    /// <summary>Gets whether the connection has ended, as far as was seen by whoever used it: he goes about making another before he closes this one.</summary>
    internal bool HasEnded => _hasEnded;

    /// <summary>Puts a message in at the next boundary. Without effect while another one waits for it.</summary>
    internal void PutIn(byte[] message)
    {
        Interlocked.CompareExchange(ref _message, message, null);

        // The read that waits for the server's next word is woken.
        Volatile.Read(ref _wake).Cancel();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _message) is not null || cancellationToken.CanBeCanceled)
        {
            return ReadStepAsync(buffer, cancellationToken);
        }

        ValueTask<int> read = inner.ReadAsync(buffer, _wake.Token);
        if (!read.IsCompletedSuccessfully)
        {
            return ReadRestAsync(read, buffer);
        }

        return new(Took(buffer.Span, read.Result));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        if (TryGive(buffer, out int given))
        {
            return given;
        }

        Span<byte> part = buffer[..Most(buffer.Length)];
        return Took(part, inner.Read(part));
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask written = inner.WriteAsync(buffer, cancellationToken);
        if (written.IsFaulted)
        {
            _hasEnded = true;
        }

        return written;
    }

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
        }

        base.Dispose(disposing);
    }

    /// <summary>Waits for a read that was begun without a message in sight; one that is woken goes on with the message.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadRestAsync(ValueTask<int> begun, Memory<byte> buffer)
    {
        try
        {
            int read = await begun.ConfigureAwait(false);
            return Took(buffer.Span, read);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            _hasEnded = true;
            throw;
        }
        catch (OperationCanceledException) when (_wake.IsCancellationRequested)
        {
            // Nothing was read.
        }

        return await ReadStepAsync(buffer, CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask<int> ReadStepAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_wake.IsCancellationRequested)
            {
                // The old source is not disposed of: who wakes may hold it. He has put his message in before, and it is looked for after the exchange.
                Interlocked.Exchange(ref _wake, new CancellationTokenSource());
            }

            if (TryGive(buffer.Span, out int given))
            {
                return given;
            }

            // While a message waits for the end of an answer, nothing has to wake the read.
            bool canBeWoken = !IsMessageWaiting;
            Memory<byte> part = buffer[..Most(buffer.Length)];
            CancellationTokenSource wake = _wake;
            using CancellationTokenSource? both = canBeWoken && cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, wake.Token) : null;
            try
            {
                int read = await inner.ReadAsync(part, both?.Token ?? (canBeWoken ? wake.Token : cancellationToken)).ConfigureAwait(false);
                return Took(part.Span, read);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                _hasEnded = true;
                throw;
            }
            catch (OperationCanceledException) when (canBeWoken && wake.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Nothing was read.
            }
        }
    }

    private int Took(ReadOnlySpan<byte> buffer, int read)
    {
        _boundary.Feed(buffer[..read]);
        if (read == 0 && !buffer.IsEmpty)
        {
            _hasEnded = true;
        }

        return read;
    }

    /// <summary>A read that a message waits for takes no more than what is left of the answer: else, on a busy connection, none might end where an answer does.</summary>
    private int Most(int length) => IsMessageWaiting && !_boundary.IsLost ? (int)Math.Min(length, Math.Max(1, _boundary.Owed)) : length;

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
}
