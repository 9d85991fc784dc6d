using System.Diagnostics.Metrics;
using Failover;
using Failover.Http;
using Failover.Http.Neighbours;
using Failover.Http.Registration;
using Failover.Http.Replay;
using Failover.Http.Routing;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets HTTP clients use a group.</summary>
public static class FailoverHttpClientBuilderExtensions
{
    /// <summary>
    /// Sends the requests of this client to the active member of a group: named and typed clients, Refit, gRPC. Its <see cref="HttpClient.BaseAddress"/> is set to the preferred member unless the client's configuration sets it; a
    /// request belongs to the group if it goes to that base address's host and port or to a member's, and else passes as it is. See <see cref="FailoverHandler"/>.
    /// </summary>
    /// <remarks>
    /// Over a <see cref="SocketsHttpHandler"/>, which is what the factory makes, the settings of <see cref="HttpConnectionOptions"/> apply, and the connections to a member that was left are closed once idle. Over another primary handler a
    /// warning says that they do not. A <see cref="SocketsHttpHandler"/> of yours is not used itself, but copies of it.
    /// <para>
    /// Call it after handlers that should see each request once, as those of Microsoft.Extensions.Http.Resilience, and before those that should see each attempt. A base address that is no member's must be set by the client's configuration
    /// (<c>AddHttpClient("orders", client => client.BaseAddress = …)</c>), not by the constructor of a typed client.
    /// </para>
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    /// <param name="group">The name of the group. It need not be registered yet; that there is such a group is checked when the host starts, or without a host when a group is first used.</param>
    /// <exception cref="InvalidOperationException">The client has another group already; the message names both. The same group may be added again: it counts once, where it stands last.</exception>
    public static IHttpClientBuilder AddFailover(this IHttpClientBuilder builder, string group)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        builder.Services.AddFailover().RequireGroup(group, ClientGroup.Told(builder.Name));
        ClientGroup.Claim(builder, group);
        var addresses = new ClientAddresses();

        // Where it is for all clients, each of them has three things to be told.
        var told = new ToldOnce(256);

        // After all else that configures the client, whether it was registered before or after this call.
        builder.Services.AddOptions<HttpClientFactoryOptions>(builder.Name).PostConfigure<FailoverGroups>((options, groups) => options.HttpClientActions.Add(client =>
        {
            client.BaseAddress ??= Preferred(groups[group]);
            addresses.Add(client.BaseAddress);
        }));

        // Last, when all handlers stand in their places.
        builder.Services.PostConfigure<HttpClientFactoryOptions>(builder.Name, options => options.HttpMessageHandlerBuilderActions.Add(handlers => HandlerOrder.Settle(handlers, told)));
        return builder.UseConnectionsOf(group).AddHttpMessageHandler(services => new FailoverHandler(
            Group(services, group),
            services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            services.GetService<IMeterFactory>(),
            addresses));
    }

    /// <summary>What opens the connections; last, when the primary handler is what it will be.</summary>
    private static IHttpClientBuilder UseConnectionsOf(this IHttpClientBuilder builder, string group)
    {
        var connections = new ClientConnections(builder.Name, group);
        builder.Services.PostConfigure<HttpClientFactoryOptions>(builder.Name, options => options.HttpMessageHandlerBuilderActions.Add(handlers => connections.Apply(handlers, options.HandlerLifetime)));
        return builder;
    }

    private static FailoverGroup Group(IServiceProvider services, string name)
    {
        FailoverGroup group = services.GetRequiredService<FailoverGroups>()[name];

        // A group that is made wholly in code has no such options, though its probe may be ours.
        if (services.GetService<LastGoodOptions<HttpGroupOptions>>() is { } options && options.TryGet(name, out HttpGroupOptions? http))
        {
            RetryBudget.Of(group).Follow(http.Replay);
        }

        return group;
    }

    /// <summary>The preferred member's address, with a slash at its end: without it a relative request would take the place of the last segment (RFC 3986, 5.2.3).</summary>
    private static Uri? Preferred(FailoverGroup group) =>
        group.Snapshot.Members is not [{ Member.Address: var address }, ..] ? null
        : address.AbsolutePath.EndsWith('/') ? address
        : new Uri(address.AbsoluteUri + "/", UriKind.Absolute);
}
