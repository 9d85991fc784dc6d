using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Failover.Redis.Tunnel;

/// <summary>
/// Has connections left without a loss, by telling the multiplexer what a server of Redis Enterprise says that moves: it lets what is on its way be answered, keeps what is new, and connects anew. It takes that although it never asked to be told; that is
/// a behaviour, and no contract. So it is watched, and what does not leave is cut. Safe for any thread.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The source has no timer: to cancel it is all there is to do.")]
internal sealed class Handoffs(TimeProvider time, ILogger logger)
{
    /// <summary>How long the multiplexer waits for what is on its way before it leaves all the same.</summary>
    internal static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(300);

    /// <summary>How long it may take to leave: the drain, its own delay of up to a tenth of that, and a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    /// <summary>It is told again: it does not listen for up to 50 ms after it has left another connection.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    /// <summary>So many in a row, of which none was ever heeded, show that it has no effect.</summary>
    private const int MostUnheeded = 3;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _ended = new();
    private long _sequence;
    private int _begun;
    private int _taken;
    private int _unheeded;
    private volatile bool _isGivenUp;

    /// <summary>Gets how many connections the multiplexer was told to leave.</summary>
    internal int Begun => Volatile.Read(ref _begun);

    /// <summary>Gets how many of these it left by itself.</summary>
    internal int Taken => Volatile.Read(ref _taken);

    /// <summary>Gets or sets whether connections are cut without a word: the multiplexer cannot be told, or it never had an effect.</summary>
    internal bool IsGivenUp
    {
        get => _isGivenUp;
        set => _isGivenUp = value;
    }

    /// <summary>Has a connection left.</summary>
    internal void Leave(Link link)
    {
        if (_isGivenUp || link.Stream is not { TakesMessages: true } stream)
        {
            // What is on its way is of unknown outcome. To wait for it would help little: a connection in use is never idle, and what goes out meanwhile may be lost with the server.
            link.Cut();
        }
        else if (link.IsForCommands && link.TryTell())
        {
            Interlocked.Increment(ref _begun);
            _ = WatchAsync(link, stream);
        }
    }

    /// <summary>Ends all waits.</summary>
    internal void End() => _ended.Cancel();

    private async Task WatchAsync(Link link, HandoffStream stream)
    {
        long begun = time.GetTimestamp();
        TimeSpan tell = TimeSpan.Zero;
        for (TimeSpan passed = TimeSpan.Zero; passed < Limit; passed = time.GetElapsedTime(begun))
        {
            if (passed >= tell)
            {
                stream.PutIn(Moving(Interlocked.Increment(ref _sequence)));
                tell = passed + Again;
            }

            await Task.Delay(Look, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (link.IsCut || _ended.IsCancellationRequested)
            {
                return;
            }

            if (!link.IsOpen)
            {
                Interlocked.Increment(ref _taken);
                return;
            }
        }

        // If the message still waits, the multiplexer has not read it: the server stopped amid an answer. One that was read and not heeded may be a busy machine's.
        if (Taken == 0 && !stream.IsMessageWaiting && Interlocked.Increment(ref _unheeded) == MostUnheeded)
        {
            _isGivenUp = true;
        }

        Log.NoHandoff(logger, stream.IsMessageWaiting ? "the server stopped amid an answer" : "it was told", Limit.TotalMilliseconds);
        link.Cut();
    }

    /// <summary>
    /// What the server says: its number, which must grow, in how many seconds, and where to. 0 seconds is at once, with <see cref="DrainLimit"/> for what is on its way. The address has to be one, and is not used: the tunnel's is.
    /// </summary>
    private static byte[] Moving(long sequence) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $">4\r\n$6\r\nMOVING\r\n:{sequence}\r\n:0\r\n$17\r\nredis-master:6379\r\n"));
}
