using System.Diagnostics.Metrics;
using Failover.Http.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.DnsSwitching.Following;

/// <summary>Lets a client follow its names when all else has configured it, whether that was registered before or after.</summary>
/// <param name="client">The client; null for every one.</param>
internal sealed class FollowedClient(string? client) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (client is null || client == name)
        {
            options.HttpMessageHandlerBuilderActions.Add(Apply);
        }
    }

    private static void Apply(HttpMessageHandlerBuilder handlers)
    {
        // Before the first that moves connections, or else before the last: all others see each request as before.
        DelegatingHandler? outer = null;
        HttpMessageHandler next = handlers.PrimaryHandler;
        while (next is DelegatingHandler { InnerHandler: { } inner } delegating and not INamePoolMover)
        {
            (outer, next) = (delegating, inner);
        }

        if (next is FollowingHandler)
        {
            return;
        }

        HttpMessageHandler last = next is DelegatingHandler { InnerHandler: { } under } ? under : next;
        if (last is not SocketsHttpHandler sockets)
        {
            Log.ClientNotFollowed(Logger(handlers.Services), handlers.Name ?? "", last.GetType().Name);
            return;
        }

        DnsFollower follower = handlers.Services.GetRequiredService<DnsFollower>();
        var connect = new FollowedConnect(follower);
        IMeterFactory? meters = handlers.Services.GetService<IMeterFactory>();
        try
        {
            // What copies it, copies this. The factory sets the meters only where nothing stands before it.
            sockets.ConnectCallback ??= connect.ConnectAsync;
            sockets.MeterFactory ??= meters;
        }
        catch (InvalidOperationException)
        {
            // Another client has sent requests through it already. The copies have it all the same.
        }

        var following = new FollowingHandler(follower, next, given =>
        {
            SocketsHttpHandler copy = SocketsHandlerCopy.Of(given);
            copy.ConnectCallback ??= connect.ConnectAsync;
            copy.MeterFactory ??= meters;
            return copy;
        });
        if (outer is null)
        {
            handlers.PrimaryHandler = following;
            return;
        }

        try
        {
            outer.InnerHandler = following;
        }
        catch (InvalidOperationException)
        {
            Log.ClientNotFollowed(Logger(handlers.Services), handlers.Name ?? "", outer.GetType().Name);
        }
    }

    private static ILogger Logger(IServiceProvider services) => DnsFollowerStart.LoggerOf(services);
}
