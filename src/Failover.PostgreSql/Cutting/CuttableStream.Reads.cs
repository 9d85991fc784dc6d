using System.Runtime.CompilerServices;

namespace Failover.PostgreSql.Cutting;

internal sealed partial class CuttableStream
{
    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = Volatile.Read(ref _isEnding) == 0 ? ReadOrBeginEnding(buffer) : ReadInGrace(buffer);
        }
        catch (IOException e) when (Trace.CutCause == CutCause.TimeUp && IsTimeout(e))
        {
            throw;
        }
        catch (Exception e) when (Reason(e, writes: false) is { } reason)
        {
            throw reason;
        }

        return Took(count, buffer);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> read = _inner.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new(Took(read.Result, buffer.Span)) : WaitAsync(read, buffer);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WaitAsync(ValueTask<int> read, Memory<byte> buffer)
    {
        _reading.Begin();
        CancellationTokenRegistration onToken = OnToken();
        try
        {
            if (Volatile.Read(ref _isEnding) != 0)
            {
                _reading.Arm(Grace);
            }

            bool isOurs = false;
            int count = 0;
            try
            {
                count = await read.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (Trace.CutCause == CutCause.None && NpgsqlInternals.WouldCancel(_connector))
            {
                // Npgsql's own timer, which comes for the Command Timeout. It would ask the server now, and read on.
                isOurs = true;
            }

            if (isOurs)
            {
                BeginEnding();
                count = await _inner.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false);
            }

            onToken.Dispose();
            _reading.End();
            return Took(count, buffer.Span);
        }
        catch (Exception e)
        {
            onToken.Dispose();
            _reading.End();
            throw Reason(e, writes: false) ?? e;
        }
    }

    private int ReadOrBeginEnding(Span<byte> buffer)
    {
        try
        {
            return _inner.Read(buffer);
        }
        catch (IOException e) when (IsTimeout(e) && Trace.CutCause == CutCause.None && NpgsqlInternals.WouldCancel(_connector))
        {
            BeginEnding();
            return ReadInGrace(buffer);
        }
    }

    private int ReadInGrace(Span<byte> buffer)
    {
        int before = _socket.ReceiveTimeout;
        try
        {
            _socket.ReceiveTimeout = Math.Max((int)Grace.TotalMilliseconds, 1);
            return _inner.Read(buffer);
        }
        catch (IOException e) when (IsTimeout(e))
        {
            TimeIsUp();
            throw;
        }
        finally
        {
            if (!IsClosed)
            {
                _socket.ReceiveTimeout = before;
            }
        }
    }

    /// <summary>Data came, or the end of it. A cut that fell between two reads is told here.</summary>
    private int Took(int count, ReadOnlySpan<byte> buffer)
    {
        if (Trace.CutCause != CutCause.None)
        {
            throw Reason(null, writes: false)!;
        }

        if (count == 0)
        {
            _context.Witness.ConnectionLost();
            return 0;
        }

        _received.Walk(buffer[..count]);
        if (Volatile.Read(ref _cancelIsDue))
        {
            SendCancelWhenDue();
        }

        return count;
    }
}
