namespace Failover.PostgreSql.Cutting;

internal sealed partial class CuttableStream
{
    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_cancel is { } cancel)
        {
            // Ends at the limit of a cancel request at the latest.
            AfterCancel(cancel, cancel.GetAwaiter().GetResult());
        }

        BeginRequest();
        Writing(buffer);
        try
        {
            _inner.Write(buffer);
        }
        catch (Exception e) when (Failed(e, CancellationToken.None) is { } reason)
        {
            throw reason;
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Npgsql waits for the answer while this write may still wait for the cancel request of the call before.
        BeginRequest();
        return _cancel is { } cancel ? WriteAfterAsync(cancel, buffer, cancellationToken) : WriteNowAsync(buffer, cancellationToken);
    }

    private ValueTask WriteNowAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        Writing(buffer.Span);
        ValueTask write = _inner.WriteAsync(buffer, cancellationToken);
        return write.IsCompletedSuccessfully ? write : WaitAsync(write, cancellationToken);
    }

    /// <inheritdoc/>
    public override void Flush() => _inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    private void Writing(ReadOnlySpan<byte> buffer)
    {
        if (Trace.CutCause != CutCause.None)
        {
            throw Reason(null, writes: true)!;
        }

        Trace.Writing(buffer);
    }

    /// <summary>The time of the request before this one is no longer what counts.</summary>
    private void BeginRequest()
    {
        Volatile.Write(ref _isEnding, 0);
        Volatile.Write(ref _cancelIsDue, false);
    }

    private async ValueTask WaitAsync(ValueTask write, CancellationToken cancellationToken)
    {
        _writing.Begin();
        CancellationTokenRegistration onToken = OnToken();

        // COPY hands its token to the write alone; under TLS that does not end it.
        CancellationTokenRegistration onOwnToken = cancellationToken.UnsafeRegister(static stream => ((CuttableStream)stream!).EndWriting(), this);
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw Failed(e, cancellationToken) ?? e;
        }
        finally
        {
            onToken.Dispose();
            onOwnToken.Dispose();
            _writing.End();
        }
    }

    // Half a message is out, so the connection is of no more use. Npgsql would say goodbye under TLS, and wait where the server takes nothing.
    private Exception? Failed(Exception e, CancellationToken cancellationToken)
    {
        if (e is OperationCanceledException || e is IOException io && IsTimeout(io))
        {
            Cut(CutCause.TimeUp);
            return null;
        }

        return Trace.CutCause == CutCause.TimeUp && cancellationToken.IsCancellationRequested
            ? new OperationCanceledException(e.Message, e, cancellationToken)
            : Reason(e, writes: true);
    }

    // A cancel request that is still under way would hit what comes next.
    private async ValueTask WriteAfterAsync(Task<bool> cancel, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        AfterCancel(cancel, await cancel.WaitAsync(cancellationToken).ConfigureAwait(false));
        await WriteNowAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    private void AfterCancel(Task<bool> cancel, bool isTaken)
    {
        // The call that waits here may have been ended meanwhile, and have a cancel request of its own.
        Interlocked.CompareExchange(ref _cancel, null, cancel);
        if (!isTaken)
        {
            TimeIsUp();
        }
    }
}
