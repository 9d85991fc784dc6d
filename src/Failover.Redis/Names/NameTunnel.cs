using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Failover.Redis.Names;

/// <summary>
/// Leads the connections of one multiplexer to where the names of its servers lead, and cuts those that lead elsewhere when a name has moved; the multiplexer connects anew by itself. Safe for any thread.
/// </summary>
/// <param name="names">Gets the names of the servers.</param>
/// <param name="follower">Follows them.</param>
/// <param name="logger">Where to log.</param>
internal sealed class NameTunnel(Func<IReadOnlyCollection<string>> names, INameFollower follower, ILogger logger) : StackExchange.Redis.Configuration.Tunnel, INamePoolMover
{
    private readonly ConcurrentDictionary<NamedSocket, byte> _sockets = new();

    /// <summary>The address that was chosen last for each name.</summary>
    private readonly ConcurrentDictionary<string, IPAddress> _chosen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Addresses that could not be connected to, until one can or all were tried.</summary>
    private ImmutableHashSet<IPAddress> _failed = [];

    public IReadOnlyCollection<string> Names => names();

    public ValueTask MoveAsync(NameMove move, CancellationToken cancellationToken)
    {
        ImmutableInterlocked.Update(ref _failed, static failed => failed.Clear());
        NamedSocket[] elsewhere = [.. _sockets.Keys.Where(socket => socket.IsTo(move.Name) && !move.After.Contains(socket.Address))];
        if (elsewhere.Length > 0)
        {
            Log.Cut(logger, elsewhere.Length, $"{move.Name} leads elsewhere");
            Array.ForEach(elsewhere, static socket => socket.Cut());
        }

        Prune();
        return ValueTask.CompletedTask;
    }

    /// <summary>Where to connect to. It never throws: that would be lost in the multiplexer, and have it wait for its own timeout.</summary>
    public override async ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        Prune();
        if (endpoint is not DnsEndPoint { Host: var host, Port: var port })
        {
            return endpoint;
        }

        IReadOnlyList<IPAddress> addresses;
        try
        {
            addresses = await follower.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return endpoint;
        }

        if (addresses.Count == 0)
        {
            // What is wrong with the name is told best by the system.
            return endpoint;
        }

        // Read once: others may fail meanwhile.
        ImmutableHashSet<IPAddress> failed = Volatile.Read(ref _failed);
        IPAddress? address = addresses.FirstOrDefault(one => !failed.Contains(one));
        if (address is null)
        {
            ImmutableInterlocked.Update(ref _failed, static (failed, tried) => failed.Except(tried), addresses);
            address = addresses[0];
        }

        _chosen[host] = address;
        return new IPEndPoint(address, port);
    }

    public override ValueTask BeforeSocketConnectAsync(EndPoint endPoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (socket is not null && endPoint is DnsEndPoint { Host: var host } && _chosen.TryGetValue(host, out IPAddress? address))
        {
            _sockets[new NamedSocket(host, address, socket)] = 0;
        }

        return default;
    }

    /// <summary>Refuses a connection that was begun before the name moved, and made after that.</summary>
    public override async ValueTask<Stream?> BeforeAuthenticateAsync(EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (_sockets.Keys.FirstOrDefault(one => one.IsOf(socket)) is { } connected)
        {
            connected.Connected();
            ImmutableInterlocked.Update(ref _failed, static (failed, address) => failed.Remove(address), connected.Address);
            IReadOnlyList<IPAddress> addresses = await follower.ResolveAsync(connected.Host, cancellationToken).ConfigureAwait(false);
            if (addresses.Count > 0 && !addresses.Contains(connected.Address))
            {
                connected.Cut();
                throw new IOException($"{connected.Host} leads elsewhere now.");
            }
        }

        return null;
    }

    /// <summary>Forgets what has ended. What never was connected is a reason to look where the name leads.</summary>
    private void Prune()
    {
        foreach (NamedSocket ended in _sockets.Keys.Where(static socket => !socket.IsOpen))
        {
            if (_sockets.TryRemove(ended, out _) && !ended.IsConnected)
            {
                ImmutableInterlocked.Update(ref _failed, static (failed, address) => failed.Add(address), ended.Address);
                follower.ConnectFailed(ended.Host, ended.Address);
            }
        }
    }
}
