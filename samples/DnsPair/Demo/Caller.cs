using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Failover.DnsSwitching;
using Failover.TestServers.Dns;

namespace DnsPair.Demo;

/// <summary>One call of a client, and who answered it; null if nobody did.</summary>
internal sealed record Call(TimeSpan Begun, string? Server);

/// <summary>A client that calls http://shop.example.test twenty times a second, and keeps who answered.</summary>
internal sealed class Caller(string name, HttpClient client, Clock clock, int port)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<Call> _calls = new();

    internal string Name => name;

    internal IReadOnlyList<Call> Calls => [.. _calls];

    /// <summary>Adds the client that follows the name, as an app does.</summary>
    internal static void AddFollowing(IServiceCollection services, BindServer primary)
    {
        string authority = $"127.0.0.1:{primary.Port}";

        #region docs:client
        services.AddFailover().AddDnsFollower(follower =>
        {
            follower.NameServers.Add(authority);                     // the name server itself: no cache is older than MaxInterval
            follower.MaxInterval = TimeSpan.FromSeconds(1);
        });
        services.AddHttpClient("shop").FollowDns();
        #endregion
    }

    /// <summary>A client as usual: it asks for the name whenever it connects, and its connections live as long as both ends let them.</summary>
    internal static HttpClient AsUsual(BindServer primary) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            // The system's resolver does not know a zone that was made up for this demo: here stands what it does.
            string[] addresses = await primary.DigAsync(context.DnsEndPoint.Host, "A");
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(addresses[0]), context.DnsEndPoint.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        Timeout = TimeSpan.FromSeconds(2),
    };

    internal async Task RunAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Pace);
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan begun = clock.Now;
            string? server = null;
            try
            {
                server = await client.GetStringAsync(new Uri($"http://shop.example.test:{port}/"), stopping);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                if (stopping.IsCancellationRequested)
                {
                    return;
                }
            }

            _calls.Enqueue(new(begun, server));
            try
            {
                await timer.WaitForNextTickAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Waits until it is answered by a server for a call that began after <paramref name="since"/>.</summary>
    internal async Task<Call> AnsweredByAsync(string server, TimeSpan since)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(40));
        while (true)
        {
            if (_calls.FirstOrDefault(call => call.Begun >= since && call.Server == server) is { } found)
            {
                return found;
            }

            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The client that {name} was not answered by {server}.");
            }
        }
    }
}
