using System.Diagnostics.Metrics;
using Failover.Http.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace Failover.Http.Registration;

/// <summary>How clients that use a group open their connections.</summary>
/// <param name="group">The name of the group.</param>
/// <param name="told">What was logged of these clients: handlers come and go.</param>
internal sealed class ClientConnections(string group, ToldOnce told)
{
    /// <summary>Puts a <see cref="ConnectionsHandler"/> in the place of the <see cref="SocketsHttpHandler"/> that would open the client's connections; warns if there is none.</summary>
    /// <param name="handlers">The client's handlers, when all else has configured them.</param>
    /// <param name="handlerLifetime">How long the factory keeps a handler.</param>
    internal void Apply(HttpMessageHandlerBuilder handlers, TimeSpan handlerLifetime)
    {
        DelegatingHandler? outer = null;
        HttpMessageHandler innermost = handlers.PrimaryHandler;
        while (innermost is DelegatingHandler { InnerHandler: { } inner } delegating and not ConnectionsHandler)
        {
            (outer, innermost) = (delegating, inner);
        }

        IServiceProvider services = handlers.Services;
        if (innermost is not SocketsHttpHandler given)
        {
            // There may be one of ours in it: an outer handler that is used again when the factory makes another chain.
            if (innermost is not ConnectionsHandler)
            {
                Tell(handlers, innermost);
            }

            return;
        }

        // Over a SocketsHttpHandler a gRPC channel opens the connections by itself, to the one address it was made for: no request could go to another member. This property, which nobody else reads, tells it to leave that to the handler.
        given.Properties["__GrpcLoadBalancingDisabled"] = true;
        if (outer is null)
        {
            // As the factory does where the primary handler is a SocketsHttpHandler to the last.
            handlers.PrimaryHandler = Over(given, services, handlerLifetime, services.GetService<IMeterFactory>());
            return;
        }

        try
        {
            outer.InnerHandler = Over(given, services, handlerLifetime, meters: null);
        }
        catch (InvalidOperationException)
        {
            // Another client has sent requests through it already.
            Tell(handlers, outer);
        }
    }

    private ConnectionsHandler Over(SocketsHttpHandler given, IServiceProvider services, TimeSpan handlerLifetime, IMeterFactory? meters)
    {
        LastGoodOptions<HttpGroupOptions>? options = services.GetService<LastGoodOptions<HttpGroupOptions>>();
        return new ConnectionsHandler(services.GetRequiredService<FailoverGroups>()[group], given, () =>
        {
            // A group that is made wholly in code has no such options.
            HttpConnectionOptions settings = options is not null && options.TryGet(group, out HttpGroupOptions? http) ? http.Connections : new();
            SocketsHttpHandler copy = SocketsHandlerCopy.Of(given);
            copy.MeterFactory ??= meters;
            if (copy.ConnectTimeout == Timeout.InfiniteTimeSpan)
            {
                copy.ConnectTimeout = settings.ConnectTimeout;
            }

            // The factory gives the handlers that it makes itself the lifetime that they have for its own purposes.
            if (copy.PooledConnectionLifetime == Timeout.InfiniteTimeSpan || copy.PooledConnectionLifetime == handlerLifetime)
            {
                copy.PooledConnectionLifetime = settings.PooledLifetime;
            }

            return copy;
        }, services.GetService<TimeProvider>() ?? TimeProvider.System);
    }

    private void Tell(HttpMessageHandlerBuilder handlers, HttpMessageHandler handler)
    {
        string client = ClientGroup.NameOf(handlers);
        if (handlers.Services.GetService<ILoggerFactory>() is { } loggers && told.IsFirst($"connections {client}"))
        {
            Log.ConnectionsNotOurs(loggers.CreateLogger<FailoverHandler>(), client, group, handler.GetType().Name);
        }
    }
}
