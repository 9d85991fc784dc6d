using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Failover.Redis.Resp;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Failover.Redis.Tunnel;

/// <summary>
/// Where the connections of one multiplexer lead: it knows one logical server, and at each connection asks here where that is. While there is no answer the connection waits, and the commands wait with the multiplexer. Closed at the start. Safe for any thread; none of
/// its methods waits or throws.
/// </summary>
internal sealed class MasterTunnel : StackExchange.Redis.Configuration.Tunnel, IDisposable
{
    /// <summary>It is never looked up.</summary>
    private static readonly DnsEndPoint Logical = new("redis-master", 6379);

    /// <summary>
    /// What a connection that is made anew waits for the group's look at the node that the former one led to: it comes within 100 milliseconds, and an answer. A multiplexer that is refused there tries again a second later, while the next master may have been found long before.
    /// </summary>
    private static readonly TimeSpan RestAfterLoss = TimeSpan.FromMilliseconds(120);

    private readonly TunnelSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Gate _gate;
    private readonly Handoffs _handoffs;
    private readonly ConcurrentDictionary<Link, byte> _links = new();
    private TimeSpan _connectLimit = TimeSpan.FromSeconds(5);
    private string? _fault;
    private volatile Loss? _loss;

    internal MasterTunnel(TunnelSettings settings, TimeProvider time, ILogger logger)
    {
        (_settings, _time, _logger) = (settings, time, logger);
        (_gate, _handoffs) = (new Gate(time), new Handoffs(time, logger));
    }

    /// <summary>Gets how it stands.</summary>
    internal TunnelState State
    {
        get
        {
            Link[] open = [.. _links.Keys.Where(static link => link.IsOpen)];
            bool isCut = _handoffs.IsGivenUp || Array.Exists(open, static link => link is { IsForCommands: true, Stream.RefusesMessages: true });
            return new(isCut ? TunnelMode.Cut : TunnelMode.Handoff, !_gate.IsOpen, _gate.Waiting, open.Length, _handoffs.Begun, _handoffs.Taken);
        }
    }

    /// <summary>Sets a multiplexer up to go through a tunnel, which is for that one alone. Everything else stays as the app has it.</summary>
    internal static void Configure(ConfigurationOptions options, MasterTunnel tunnel)
    {
        options.EndPoints.Clear();
        options.EndPoints.Add(Logical);
        (options.ServiceName, options.SentinelUser, options.SentinelPassword) = (null, null, null);
        options.Tunnel = tunnel;
        options.ReconnectRetryPolicy = new GateRetry(tunnel._gate);
        options.AbortOnConnectFail = false;

        // Who asks for the connection waits for the first attempt to make it; all further ones wait at the gate, and nobody has to wait for them.
        options.ConnectRetry = 1;
        (options.TieBreaker, options.ConfigurationChannel) = ("", "");

        // Only there is a multiplexer told anything that it has not asked for.
        options.Protocol ??= RedisProtocol.Resp3;
        tunnel._handoffs.IsGivenUp = options.Protocol < RedisProtocol.Resp3;
        options.MaintenanceRelaxedTimeout = Handoffs.DrainLimit;

        // Both are done below what is put in. So the multiplexer holds no secret, and credentials that change while it reads them are never mixed.
        options.Ssl = false;
        (options.User, options.Password) = (null, null);

        // Where the app does not say it, it goes by the timeout that is raised below.
        options.ConnectTimeout = options.ConnectTimeout;
        (int asynchronous, int synchronous) = (options.AsyncTimeout, options.SyncTimeout);
        (options.AsyncTimeout, options.SyncTimeout) = (tunnel.WithHold(asynchronous), tunnel.WithHold(synchronous));
        tunnel._connectLimit = TimeSpan.FromMilliseconds(options.ConnectTimeout);
    }

    /// <summary>Lets new connections wait, and has those that are there left without a loss. Without effect if they wait already.</summary>
    internal void Hold(string why)
    {
        if (_gate.TryClose())
        {
            Log.Held(_logger, why);
            foreach (Link link in _links.Keys)
            {
                _handoffs.Leave(link);
            }
        }
    }

    /// <summary>Has the connection that waits fail: what the multiplexer has kept for it fails with it, where the policy says so.</summary>
    internal void SendAway() => _gate.SendAway();

    /// <summary>Lets connections go to where they went before.</summary>
    internal void Release() => _gate.TryOpen();

    /// <summary>Lets connections go to a server, and cuts those that lead to another.</summary>
    internal void SwitchTo(EndPoint target)
    {
        // Not those that come when the gate is open: they lead there.
        Link[] before = [.. _links.Keys];
        Prune();
        _loss = null;
        bool isOther = _gate.OpenTo(target);
        foreach (Link link in before)
        {
            if (link.Stream is null ? isOther : !_gate.LeadsTo(link.To))
            {
                link.Cut();
            }
        }
    }

    /// <summary>Cuts all connections. The gate stays as it is.</summary>
    internal void CutAll(string why)
    {
        Link[] open = [.. _links.Keys.Where(static link => link.IsOpen)];
        if (open.Length > 0)
        {
            Log.Cut(_logger, open.Length, why);
        }

        foreach (Link link in open)
        {
            link.Cut();
        }
    }

    /// <summary>Lets nobody wait any longer, and cuts all: the multiplexer is about to be disposed of.</summary>
    internal void End()
    {
        _gate.End();
        _handoffs.End();
        CutAll("the end");
    }

    public void Dispose() => End();

    /// <summary>Where to connect to: waits until that is known. What was asked for may have ended meanwhile; then what comes of it is refused below. It never throws: that would be lost in the multiplexer, and have it wait for its own timeout.</summary>
    /// <returns>Null at the end, which is told below, too.</returns>
    public override async ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        Prune();
        TimeSpan rest = _loss is { } loss ? RestAfterLoss - _time.GetElapsedTime(loss.At) : TimeSpan.Zero;
        return await _gate.PassAsync(_connectLimit, Failed, rest).ConfigureAwait(false);
    }

    /// <summary>A connection is about to be made: from now on it can be cut.</summary>
    public override ValueTask BeforeSocketConnectAsync(EndPoint endPoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (socket is not null)
        {
            Prune();
            _links[new Link(socket, connectionType, _time)] = 0;
        }

        return default;
    }

    /// <summary>Makes a connection ready. What it throws, the multiplexer tells as the reason why there is no connection, and tries again.</summary>
    public override async ValueTask<Stream?> BeforeAuthenticateAsync(EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (socket is null || _links.Keys.FirstOrDefault(known => known.IsOf(socket)) is not { IsCut: false } link || _gate.HostAt(socket.RemoteEndPoint) is not { } host)
        {
            throw Elsewhere();
        }

        using CancellationTokenSource limit = new(_connectLimit, _time);
        Stream stream;
        try
        {
            stream = await RespConnection.PrepareAsync(new NetworkStream(socket, ownsSocket: false), host, _settings.Access, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!link.IsCut)
            {
                Failed(exception);
                link.Cut();
            }

            throw;
        }

        Interlocked.Exchange(ref _fault, null);
        stream = link.Begin(stream);
        if (!link.IsCut && _gate.LeadsTo(link.To))
        {
            return stream;
        }

        // The way changed while it was made, and who changed it may have missed it.
        link.Cut();
        throw Elsewhere();
    }

    private static IOException Elsewhere() => new("Connections lead elsewhere now.");

    private int WithHold(int milliseconds) => (int)Math.Min(int.MaxValue, milliseconds + (long)_settings.HoldLimit.TotalMilliseconds);

    /// <summary>Tells a fault once, however often it comes in a row.</summary>
    private void Failed(Exception exception)
    {
        string fault = RespFaults.EvidenceOf(exception);
        if (!_gate.IsEnded && Interlocked.Exchange(ref _fault, fault) != fault)
        {
            Log.NotPrepared(_logger, fault);
        }
    }

    /// <summary>That a connection ended though nobody here wanted it to.</summary>
    private sealed record Loss(long At);

    private void Prune()
    {
        foreach (Link link in _links.Keys)
        {
            if (!link.IsOpen && _links.TryRemove(link, out _) && link.WasLost)
            {
                _loss = new Loss(_time.GetTimestamp());
            }
        }
    }
}
