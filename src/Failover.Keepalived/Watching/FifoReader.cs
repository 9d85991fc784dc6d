using System.Runtime.InteropServices;
using System.Text;

namespace Failover.Keepalived.Watching;

/// <summary>
/// Reads keepalived's FIFO on a thread of its own. keepalived makes it when it starts, and again at a reload: so its end is no error, and it is opened again and again. One reader only: what another one reads is lost here.
/// </summary>
internal sealed class FifoReader(string path, Action<FifoEvent> found) : IDisposable
{
    private const int Pause = 20;
    private const int LongPause = 100;

    private readonly byte[] _buffer = new byte[4096];
    private readonly StringBuilder _line = new();
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;
    private bool _isAttached;
    private bool _isCaughtUp;
    private string? _told;

    internal void Start()
    {
        _thread = new(Run) { IsBackground = true, Name = "keepalived FIFO" };
        _thread.Start();
    }

    /// <summary>Stops within a tenth of a second.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            int descriptor = Posix.Open(path, Posix.ReadOnly | Posix.NonBlocking | Posix.CloseOnExec);
            if (descriptor < 0)
            {
                Tell(WhyNot(Marshal.GetLastPInvokeError()));
                _stop.Wait(LongPause);
                continue;
            }

            // What can be wound back is a file, or a directory.
            if (Posix.Seek(descriptor, 0, 0) == 0)
            {
                Tell($"{path} is no FIFO: delete it, and start keepalived again");
            }
            else
            {
                ReadToEnd(descriptor);
            }

            _ = Posix.Close(descriptor);
            _stop.Wait(_told is not null ? LongPause : Pause);
        }
    }

    private void ReadToEnd(int descriptor)
    {
        _line.Clear();
        while (!_stop.IsSet)
        {
            (nint count, int error) = ReadOnce(descriptor);
            if (count > 0)
            {
                Attach();
                _isCaughtUp = false;
                Take((int)count);
            }
            else if (count == 0)
            {
                End();
                return;
            }
            else if (error == Posix.Again)
            {
                Attach();
                CatchUp();
                Posix.PollEntry entry = new() { Descriptor = descriptor, Wanted = Posix.HasInput };
                _ = Posix.Poll(ref entry, 1, LongPause);
            }
            else if (error != Posix.Interrupted)
            {
                End();
                Tell(WhyNot(error));
                return;
            }
        }
    }

    private unsafe (nint Count, int Error) ReadOnce(int descriptor)
    {
        fixed (byte* buffer = _buffer)
        {
            nint count = Posix.Read(descriptor, buffer, _buffer.Length);
            return (count, count < 0 ? Marshal.GetLastPInvokeError() : 0);
        }
    }

    private void CatchUp()
    {
        if (!_isCaughtUp)
        {
            _isCaughtUp = true;
            found(new FifoEvent.CaughtUp());
        }
    }

    private void Attach()
    {
        if (!_isAttached)
        {
            (_isAttached, _isCaughtUp, _told) = (true, false, null);
            found(new FifoEvent.Attached());
        }
    }

    private void End()
    {
        if (_isAttached)
        {
            _isAttached = false;
            found(new FifoEvent.Ended());
        }
        else
        {
            Tell($"keepalived does not have {path} open");
        }
    }

    private void Take(int count)
    {
        foreach (byte one in _buffer.AsSpan(0, count))
        {
            if (one == '\n')
            {
                if (FifoLine.Read(_line.ToString()) is { } line)
                {
                    found(new FifoEvent.Said(line));
                }

                _line.Clear();
            }
            else if (_line.Length <= FifoLine.Longest)
            {
                _line.Append((char)one);
            }
        }
    }

    private void Tell(string why)
    {
        if (_told != why)
        {
            _told = why;
            found(new FifoEvent.Unreadable(why));
        }
    }

    private string WhyNot(int error) => error switch
    {
        Posix.NoEntry => $"there is no FIFO at {path}: keepalived does not run, or has another vrrp_notify_fifo",
        Posix.NoAccess => $"this user may not read {path}: name it behind vrrp_notify_fifo",
        _ => $"{path} cannot be read (error {error})",
    };
}
