namespace Failover.Keepalived.Watching;

/// <summary>
/// Reads what keepalived writes, on a thread of its own, and hands it on there, in order. Whatever becomes of the FIFO, it goes on: not there yet, another file in its place, no right to read it, removed and made anew.
/// </summary>
internal sealed class FifoReader : IAsyncDisposable
{
    /// <summary>How long a wait may take, in milliseconds; after each it is looked where the path leads to by now.</summary>
    private const int Pace = 100;

    /// <summary>keepalived makes the FIFO anew within some 5 milliseconds of a reload, and goes on to write.</summary>
    private const int FastPace = 5;

    /// <summary>So often it is tried at the fast pace after keepalived has left.</summary>
    private const int FastTries = 60;

    /// <summary>A pipe holds 64 KB: where about so much has waited, more may have been dropped.</summary>
    private const int NearlyFull = 60 * 1024;

    private readonly string _path;
    private readonly Action<VrrpEvent> _post;
    private readonly Action _onGarbage;
    private readonly WakePipe _wake = new();
    private readonly LineBuffer _buffer = new();
    private readonly List<FifoLine> _lines = [];
    private readonly byte[] _bytes = new byte[4096];
    private volatile bool _isEnding;
    private bool _isAttached;
    private VrrpEvent? _lastLeft;
    private Task _thread = Task.CompletedTask;

    /// <summary>Whether what waits in the FIFO may have been written before anybody looked.</summary>
    private bool _mayBeOld = true;

    /// <param name="path">The path of the FIFO.</param>
    /// <param name="post">Is given what happens; it must not throw.</param>
    /// <param name="onGarbage">Is called when something was read that keepalived does not write.</param>
    internal FifoReader(string path, Action<VrrpEvent> post, Action onGarbage) => (_path, _post, _onGarbage) = (path, post, onGarbage);

    internal void Start()
    {
        if (OperatingSystem.IsLinux())
        {
            _thread = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
        else
        {
            Leave(new Unreadable("keepalived runs on Linux alone", false));
        }
    }

    /// <summary>Ends it. Nothing is handed on any more when this has ended. Not to be waited for in what is handed on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isEnding)
        {
            return;
        }

        _isEnding = true;
        _wake.Wake();
        await _thread.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _wake.Dispose();
    }

    private void Run()
    {
        int fastTries = 0;
        while (!_isEnding)
        {
            // While nobody writes it is opened again and again, for the path may lead elsewhere by then; and an open end that has never had a writer can be waited on.
            using Fifo? fifo = Fifo.TryOpen(_path, out Unreadable? trouble);
            try
            {
                if (fifo is not null && Follow(fifo))
                {
                    fastTries = FastTries;
                    continue;
                }
            }
            catch (IOException failure)
            {
                trouble = new(failure.Message, false);
            }

            if (trouble is not null)
            {
                _mayBeOld = !trouble.IsMissing;
                Leave(trouble);
            }

            Fifo.Wait(trouble is null ? fifo : null, _wake, fastTries > 0 ? FastPace : Pace);
            fastTries = Math.Max(0, fastTries - 1);
        }
    }

    /// <summary>Reads until nobody writes any more, or the path leads elsewhere.</summary>
    /// <returns>Whether anybody wrote.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    private bool Follow(Fifo fifo)
    {
        bool hadWriter = false;
        _buffer.Clear();
        while (!_isEnding)
        {
            if (!Drain(fifo, out int read))
            {
                Leave(new Detached());
                return hadWriter || read > 0;
            }

            hadWriter = true;
            if (read == 0 && fifo.IsReplaced)
            {
                Leave(new Detached());
                return true;
            }

            Fifo.Wait(fifo, _wake, Pace);
        }

        return hadWriter;
    }

    /// <summary>Reads all that is there, and hands it on.</summary>
    /// <returns>Whether anybody has it open for writing.</returns>
    private bool Drain(Fifo fifo, out int read)
    {
        read = 0;
        int? count;
        do
        {
            count = fifo.Read(_bytes);
            if (count is not 0 && !_isAttached)
            {
                _isAttached = true;
                _lastLeft = null;
                _post(new Attached());
            }

            _buffer.Add(_bytes.AsSpan(0, count ?? 0), _lines);
            read += count ?? 0;
        }
        while (count > 0 && read < NearlyFull);

        HandOn(_mayBeOld || read >= NearlyFull);
        _mayBeOld = false;
        return count is not 0;
    }

    private void HandOn(bool areOld)
    {
        if (areOld && _lines.Count > 0)
        {
            // At once: those between tell of moves that were long ago.
            _post(new Told([.. _lines], true));
        }
        else
        {
            foreach (FifoLine line in _lines)
            {
                _post(new Told([line], false));
            }
        }

        _lines.Clear();
        if (_buffer.Skipped > 0)
        {
            _onGarbage();
        }
    }

    private void Leave(VrrpEvent left)
    {
        _isAttached = false;
        if (left != _lastLeft)
        {
            _lastLeft = left;
            _post(left);
        }
    }
}
