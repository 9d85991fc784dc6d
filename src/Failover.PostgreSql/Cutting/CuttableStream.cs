#pragma warning disable NPG9001 // NpgsqlConnector is experimental: each member that we use is tried first (NpgsqlInternals).
using System.Net;
using System.Net.Sockets;
using Npgsql.Internal;

namespace Failover.PostgreSql.Cutting;

/// <summary>
/// Stands between Npgsql's buffers and a connection's own stream. It ends a call on a server that does not answer: at the call's token or timeout after one grace, and at once when it is cut.
/// Npgsql alone would open a second connection to the same server, and wait for it.
/// </summary>
/// <remarks>Npgsql keeps its own stream beside this one, and closes that: there is nothing to dispose of here. One reader and one writer at a time, as Npgsql has them; <see cref="Cut"/> from any thread.</remarks>
internal sealed partial class CuttableStream : Stream
{
    private readonly Stream _inner;
    private readonly NpgsqlConnector _connector;
    private readonly Socket _socket;
    private readonly EndPoint? _server;
    private readonly int _processId;
    private readonly CutContext _context;
    private readonly ServerMessages _received;
    private readonly Deadline _reading;
    private readonly Deadline _writing;
    private volatile bool _softCancel;

    // From the token or the timeout to the next request.
    private int _isEnding;
    private bool _cancelIsDue;
    private Task<bool>? _cancel;

    internal CuttableStream(Stream inner, NpgsqlConnector connector, int processId, CutContext context)
    {
        _inner = inner;
        _connector = connector;
        _socket = NpgsqlInternals.SocketOf(connector);
        _server = _socket.RemoteEndPoint;
        _processId = processId;
        _context = context;
        _softCancel = context.Settings.SoftCancel;
        _received = new ServerMessages(Trace, context.Witness);
        _reading = new Deadline(context.Time, TimeIsUp);
        _writing = new Deadline(context.Time, TimeIsUp);
    }

    /// <summary>Gets what is known of the connection's traffic.</summary>
    internal ConnectionTrace Trace { get; } = new();

    /// <summary>Gets whether the connection is closed.</summary>
    internal bool IsClosed => !_socket.Connected;

    /// <summary>Gets or sets whether the server may be asked to cancel what runs here.</summary>
    internal bool SoftCancel
    {
        get => _softCancel;
        set => _softCancel = value;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanTimeout => _inner.CanTimeout;

    /// <inheritdoc/>
    public override int ReadTimeout
    {
        get => _inner.ReadTimeout;
        set => _inner.ReadTimeout = value;
    }

    /// <inheritdoc/>
    public override int WriteTimeout
    {
        get => _inner.WriteTimeout;
        set => _inner.WriteTimeout = value;
    }

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Cuts the connection: whoever waits on it, and whoever uses it from here on, gets an exception.</summary>
    /// <returns>False if it was cut before, or is closed.</returns>
    internal bool Cut(CutCause cause)
    {
        if (IsClosed || !Trace.Cut(cause))
        {
            return false;
        }

        try
        {
            // A shutdown ends what waits in the kernel; on Windows only closing is sure to.
            if (OperatingSystem.IsWindows())
            {
                _socket.Dispose();
            }
            else
            {
                _socket.Shutdown(SocketShutdown.Both);
            }
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        catch (SocketException)
        {
            // The other side was faster.
        }

        return true;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private CancellationTokenRegistration OnToken() =>
        NpgsqlInternals.UserToken(_connector) is { CanBeCanceled: true } token ? token.UnsafeRegister(static stream => ((CuttableStream)stream!).TokenFired(), this) : default;

    // Handlers run last in, first out: this one comes before Npgsql's, which then finds everything done.
    private void TokenFired()
    {
        if (NpgsqlInternals.WouldCancel(_connector))
        {
            NpgsqlInternals.UserAskedToCancel(_connector) = true;
            BeginEnding();
        }

        EndWriting();
    }

    private void EndWriting() => _writing.Arm(Grace);

    private TimeSpan Grace => AsksServer ? _context.Settings.Grace : TimeSpan.Zero;

    // A COMMIT that waits for its synchronous standby would be cancelled into a commit on this node alone.
    private bool AsksServer => _softCancel && !Trace.IsCommitInFlight && _server is not null;

    /// <summary>The call's time is up: the server is asked to cancel it, once, and from here on each wait for an answer has an end.</summary>
    private void BeginEnding()
    {
        if (Interlocked.Exchange(ref _isEnding, 1) == 0)
        {
            NpgsqlInternals.SetCancelSent(_connector, true);
            Volatile.Write(ref _cancelIsDue, AsksServer);
            SendCancelWhenDue();
        }

        _reading.Arm(Grace);
    }

    // What comes before the call itself, the reset of a connection from the pool, must not be hit: Npgsql gives up a connection on which that failed.
    private void SendCancelWhenDue()
    {
        if (Volatile.Read(ref _cancelIsDue) && Trace.Unanswered <= 1 && Interlocked.Exchange(ref _cancelIsDue, false))
        {
            _cancel = ServerCancel.SendAsync(_server!, _processId, NpgsqlInternals.SecretKey(_connector), _context.Time, _context.Settings.CancelLimit);
        }
    }

    private void TimeIsUp()
    {
        bool wasAsked = AsksServer;
        if (Cut(CutCause.TimeUp) && wasAsked)
        {
            _context.Witness.ConnectionLost();
        }
    }

    private static bool IsTimeout(IOException e) => e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut };

    /// <summary>What to throw in place of what the inner stream said of our own cut; null to let its word stand.</summary>
    private Exception? Reason(Exception? e, bool writes)
    {
        switch (Trace.CutCause)
        {
            case CutCause.NodeLeft:
                return new NodeLeftException(_context.Node);
            case CutCause.Asked:
                return new ConnectionCutException(_context.Node, timeUp: false);

            // Npgsql makes of it what the caller knows: OperationCanceledException for a token, NpgsqlException with TimeoutException for a timeout. Of a write it would say that the node is away.
            case CutCause.TimeUp:
                return writes ? new ConnectionCutException(_context.Node, timeUp: true) : new OperationCanceledException();
            default:
                if (e is IOException io && !IsTimeout(io))
                {
                    _context.Witness.ConnectionLost();
                }

                return null;
        }
    }
}
