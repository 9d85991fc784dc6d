using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Failover.Redis.Tunnel;

/// <summary>
/// Where the connections of one multiplexer lead: it knows one logical server, and at each connection asks here where that is. While there is no answer the connection waits, and the commands wait with the multiplexer. Safe for any thread; it never throws into the
/// multiplexer, which would wait for its own timeout then.
/// </summary>
internal sealed class MasterTunnel : StackExchange.Redis.Configuration.Tunnel, IDisposable
{
    /// <summary>How long a multiplexer that was told has to leave: it drains for <see cref="DrainLimit"/>.</summary>
    private static readonly TimeSpan HandoffLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>How long what is on its way may take when a connection is left.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    /// <summary>It is never looked up.</summary>
    private static readonly DnsEndPoint Logical = new("redis-master", 6379);

    private readonly TunnelSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Socket, Link> _links = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly GivenCredentials? _given;
    private TaskCompletionSource? _held = NewGate();
    private EndPoint? _target;
    private ImmutableArray<IPEndPoint> _addresses = [];
    private volatile TunnelMode _mode = TunnelMode.Handoff;
    private long _sequence;
    private int _attempts;
    private int _waiting;
    private int _handoffs;
    private int _taken;

    internal MasterTunnel(TunnelSettings settings, TimeProvider time, ILogger logger)
    {
        (_settings, _time, _logger) = (settings, time, logger);
        _given = settings.Credentials is null ? null : new GivenCredentials();
    }

    /// <summary>Gets how it stands.</summary>
    internal TunnelState State => new(_mode, Volatile.Read(ref _held) is not null, Volatile.Read(ref _waiting), _links.Count, Volatile.Read(ref _handoffs), Volatile.Read(ref _taken));

    /// <summary>Sets a multiplexer up to go through a tunnel. Everything else stays as the app has it.</summary>
    internal static void Configure(ConfigurationOptions options, MasterTunnel tunnel)
    {
        options.EndPoints.Clear();
        options.EndPoints.Add(Logical);
        (options.ServiceName, options.SentinelUser, options.SentinelPassword) = (null, null, null);
        options.Tunnel = tunnel;
        options.ReconnectRetryPolicy = new GateRetry(tunnel);
        options.AbortOnConnectFail = false;
        (options.TieBreaker, options.ConfigurationChannel) = ("", "");

        // Only there is a multiplexer told anything that it has not asked for.
        options.Protocol ??= RedisProtocol.Resp3;
        options.MaintenanceRelaxedTimeout = DrainLimit;

        // TLS is below what is put in, so it is done here.
        options.Ssl = false;
        int held = (int)tunnel._settings.HoldLimit.TotalMilliseconds;
        (int asynchronous, int synchronous) = (options.AsyncTimeout, options.SyncTimeout);
        (options.AsyncTimeout, options.SyncTimeout) = (asynchronous + held, synchronous + held);
        if (tunnel._given is { } given)
        {
            (options.User, options.Password) = (null, null);
            options.Defaults = given;
        }
    }

    /// <summary>Lets new connections wait, and has those that are there left without a loss. Without effect if they wait already.</summary>
    internal void Hold(string why)
    {
        lock (_gate)
        {
            if (_held is not null || _ended.IsCancellationRequested)
            {
                return;
            }

            _held = NewGate();
        }

        Log.Held(_logger, why);
        foreach (Link link in _links.Values)
        {
            Leave(link);
        }
    }

    /// <summary>Lets connections go to where they went before.</summary>
    internal void Release()
    {
        TaskCompletionSource? held;
        lock (_gate)
        {
            if (_target is null)
            {
                return;
            }

            (held, _held) = (_held, null);
        }

        held?.SetResult();
    }

    /// <summary>Lets connections go to a server, and cuts those that lead to another.</summary>
    internal void SwitchTo(EndPoint target)
    {
        TaskCompletionSource? held;
        lock (_gate)
        {
            if (!target.Equals(_target))
            {
                (_target, _addresses, _attempts) = (target, target is IPEndPoint known ? [known] : [], 0);
            }

            (held, _held) = (_held, null);
        }

        held?.SetResult();
        foreach (Link link in _links.Values)
        {
            if (!LeadsToTarget(link.To))
            {
                link.Cut();
            }
        }
    }

    /// <summary>Cuts all connections. The gate stays as it is.</summary>
    internal void CutAll(string why)
    {
        if (!_links.IsEmpty)
        {
            Log.Cut(_logger, _links.Count, why);
        }

        foreach (Link link in _links.Values)
        {
            link.Cut();
        }
    }

    /// <summary>Lets nobody wait any longer: the multiplexer is about to be disposed of.</summary>
    internal void End()
    {
        _ended.Cancel();
        CutAll("the end");
    }

    public void Dispose()
    {
        End();
        _ended.Dispose();
    }

    /// <summary>Where to connect to: waits until that is known. What was asked for may have ended meanwhile; then what comes of it is refused below.</summary>
    public override async ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            while (true)
            {
                try
                {
                    EndPoint target = await TargetAsync().ConfigureAwait(false);
                    await TakeCredentialsAsync().ConfigureAwait(false);
                    if (await AddressAsync(target).ConfigureAwait(false) is { } address)
                    {
                        return address;
                    }
                }
                catch (OperationCanceledException) when (_ended.IsCancellationRequested)
                {
                    // Nobody listens there: the multiplexer has its end, and no exception that it does not expect.
                    return new IPEndPoint(IPAddress.Loopback, 1);
                }
#pragma warning disable CA1031 // Whatever the app throws that was asked for credentials, or a resolver: an exception would be lost in the multiplexer, and keep it waiting.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Log.NotPrepared(_logger, exception.GetType().Name);
                }

                await PauseAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public override async ValueTask<Stream?> BeforeAuthenticateAsync(EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (socket?.RemoteEndPoint is not { } to)
        {
            return null;
        }

        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (_settings.Tls is { } tls)
        {
            stream = await SecureAsync(stream, tls, cancellationToken).ConfigureAwait(false);
        }

        Interlocked.Exchange(ref _attempts, 0);
        Link link = new(socket, connectionType, to);
        _links[socket] = link;
        link.Stream = new HandoffStream(stream, () => Ended(link, socket));
        if (Volatile.Read(ref _held) is not null || !LeadsToTarget(to))
        {
            // The way changed while it was made.
            link.Cut();
        }

        return link.Stream;
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask<EndPoint> TargetAsync()
    {
        while (true)
        {
            TaskCompletionSource? held;
            EndPoint? target;
            lock (_gate)
            {
                (held, target) = (_held, _target);
            }

            if (held is null && target is not null)
            {
                return target;
            }

            await (held?.Task ?? Task.CompletedTask).WaitAsync(_ended.Token).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeCredentialsAsync()
    {
        if (_given is { } given)
        {
            given.Take(await _settings.Credentials!(_ended.Token).ConfigureAwait(false));
        }
    }

    /// <summary>One of the addresses of a server, another one after each that failed: so that of each connection it can be said where it leads.</summary>
    private async ValueTask<EndPoint?> AddressAsync(EndPoint target)
    {
        if (target is not DnsEndPoint named)
        {
            return target;
        }

        IPAddress[] found = await Dns.GetHostAddressesAsync(named.Host, _ended.Token).ConfigureAwait(false);
        if (found.Length == 0)
        {
            return null;
        }

        lock (_gate)
        {
            if (!target.Equals(_target))
            {
                return null;
            }

            // Connections to those of before stay: the name did not say that they are wrong.
            _addresses = [.. _addresses.Union(found.Select(address => new IPEndPoint(address, named.Port))).TakeLast(64)];
        }

        return new IPEndPoint(found[(Interlocked.Increment(ref _attempts) - 1) % found.Length], named.Port);
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(RetryPause, _time, _ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The next round ends.
        }
    }

    private bool LeadsToTarget(EndPoint to)
    {
        lock (_gate)
        {
            return _addresses.Any(address => address.Equals(to));
        }
    }

    private async Task<Stream> SecureAsync(Stream stream, Func<string, SslClientAuthenticationOptions> tls, CancellationToken cancellationToken)
    {
        string host;
        lock (_gate)
        {
            host = _target switch
            {
                DnsEndPoint named => named.Host,
                IPEndPoint address => address.Address.ToString(),
                _ => "",
            };
        }

        SslStream secured = new(stream);
        try
        {
            await secured.AuthenticateAsClientAsync(tls(host), cancellationToken).ConfigureAwait(false);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has a connection left: by the multiplexer itself if it takes being told, else by cutting it.</summary>
    private void Leave(Link link)
    {
        if (_mode == TunnelMode.Cut || link.Stream is not { } stream)
        {
            link.Cut();
            return;
        }

        if (!link.IsForCommands || !link.TryBeginHandoff())
        {
            return;
        }

        Interlocked.Increment(ref _handoffs);
        stream.PutIn(Moving(Interlocked.Increment(ref _sequence)));
        _ = CutIfItStaysAsync(link);
    }

    private async Task CutIfItStaysAsync(Link link)
    {
        try
        {
            await Task.Delay(HandoffLimit, _time, _ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (link.IsInHandoff && _links.Values.Contains(link))
        {
            if (Volatile.Read(ref _taken) == 0)
            {
                // It never had an effect: this version of the multiplexer does not know it, or does not speak RESP3 with this server.
                _mode = TunnelMode.Cut;
            }

            Log.NoHandoff(_logger, HandoffLimit.TotalMilliseconds);
            link.Cut();
        }
    }

    private void Ended(Link link, Socket socket)
    {
        _links.TryRemove(socket, out _);
        if (link.IsInHandoff)
        {
            Interlocked.Increment(ref _taken);
        }
    }

    /// <summary>
    /// The push by which a server of Redis Enterprise says that it moves: its number, which must grow, in how many seconds, and where to. 0 seconds: at once, and <see cref="DrainLimit"/> for what is on its way. The address has to be one, and is not used: the tunnel's is.
    /// </summary>
    private static byte[] Moving(long sequence) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $">4\r\n$6\r\nMOVING\r\n:{sequence}\r\n:0\r\n$17\r\nredis-master:6379\r\n"));
}
