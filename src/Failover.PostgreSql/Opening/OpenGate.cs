namespace Failover.PostgreSql.Opening;

/// <summary>
/// Where callers wait while there is no primary, without holding a thread. When there is one they go on in the order in which they came, a few at a time: each connection that is made at once costs the new primary a process and a handshake.
/// Safe for any thread.
/// </summary>
/// <param name="width">How many may be opening a connection at a time.</param>
internal sealed class OpenGate(int width)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private int _inside;
    private bool _isOpen;
    private bool _isRefused;
    private bool _isEnded;
    private volatile bool _isFree;

    /// <summary>Gets whether it is open, and nobody waits: then no turn is needed.</summary>
    internal bool IsFree => _isFree;

    /// <summary>Gets how many wait.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>There is a primary.</summary>
    internal void Open()
    {
        lock (_gate)
        {
            (_isOpen, _isRefused) = (true, false);
            LetIn();
        }
    }

    /// <summary>There is none, but there may soon be one.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            (_isOpen, _isRefused) = (false, false);
            _isFree = false;
        }
    }

    /// <summary>Everybody who waits, or comes a moment too late to have seen it, goes on at once, to be told that there is none.</summary>
    internal void Refuse()
    {
        lock (_gate)
        {
            (_isOpen, _isRefused) = (false, true);
            _isFree = false;
            while (_waiting.First is { } first)
            {
                Go(first);
            }
        }
    }

    /// <summary>There will never be one again: who waits is told so.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            _isFree = false;
            foreach (TaskCompletionSource waiter in _waiting)
            {
                waiter.SetException(new ObjectDisposedException(nameof(FailoverDataSource)));
            }

            _waiting.Clear();
        }
    }

    /// <summary>Waits for the caller's turn. Call <see cref="Exit"/> when its connection is open, or not.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first: then there is no turn to give back.</exception>
    /// <exception cref="ObjectDisposedException">It has ended: neither is there one.</exception>
    internal async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> mine;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isEnded, typeof(FailoverDataSource));
            if (_isRefused || (_isOpen && _waiting.Count == 0 && _inside < width))
            {
                _inside++;
                return;
            }

            mine = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _isFree = false;
        }

        try
        {
            await mine.Value.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (mine.Value.Task.IsFaulted)
                {
                    throw;
                }

                if (mine.List is not null)
                {
                    _waiting.Remove(mine);
                    LetIn();
                    throw;
                }
            }

            // The turn came at the same moment.
            Exit();
            throw;
        }
    }

    internal void Exit()
    {
        lock (_gate)
        {
            _inside--;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_isOpen && _inside < width && _waiting.First is { } first)
        {
            Go(first);
        }

        _isFree = _isOpen && !_isEnded && _waiting.Count == 0;
    }

    private void Go(LinkedListNode<TaskCompletionSource> waiter)
    {
        _waiting.Remove(waiter);
        _inside++;
        waiter.Value.SetResult();
    }
}
