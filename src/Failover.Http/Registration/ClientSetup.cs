using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Failover.Http.Neighbours;
using Failover.Http.Replay;
using Failover.Http.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Failover.Http.Registration;

/// <summary>What one <c>AddFailover</c> does to its client, or to every client where it stands in <c>ConfigureHttpClientDefaults</c>: each has addresses of its own.</summary>
/// <param name="group">The name of the group.</param>
/// <param name="isForAll">Whether it is for every client. Then nobody has said of any that its own base address means the group: what it sends there, credentials too, must not go elsewhere.</param>
internal sealed class ClientSetup(string group, bool isForAll)
{
    private readonly ConcurrentDictionary<string, ClientAddresses> _addresses = new(StringComparer.Ordinal);

    // Where it is for all clients, each of them has four things to be told.
    private readonly ToldOnce _told = new(256);

    /// <summary>The handler, in its place among those of the client.</summary>
    internal void AddHandler(HttpMessageHandlerBuilder handlers)
    {
        IServiceProvider services = handlers.Services;
        handlers.AdditionalHandlers.Add(new FailoverHandler(
            Group(services),
            services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            services.GetService<IMeterFactory>(),
            AddressesOf(handlers.Name)));
    }

    /// <summary>What has to wait until all else has configured the client, whether it was registered before or after.</summary>
    internal void Finish(string? client, HttpClientFactoryOptions options, FailoverGroups groups)
    {
        options.HttpClientActions.Add(made =>
        {
            bool isForeign = isForAll && made.BaseAddress is not null;
            made.BaseAddress ??= Preferred(groups[group]);
            if (!isForeign)
            {
                AddressesOf(client).Add(made.BaseAddress);
            }
        });
        options.HttpMessageHandlerBuilderActions.Add(handlers => HandlerOrder.Settle(handlers, _told));
        var connections = new ClientConnections(group, _told);
        options.HttpMessageHandlerBuilderActions.Add(handlers => connections.Apply(handlers, options.HandlerLifetime));
    }

    private ClientAddresses AddressesOf(string? client) => _addresses.GetOrAdd(client ?? "", static _ => new());

    private FailoverGroup Group(IServiceProvider services)
    {
        FailoverGroup found = services.GetRequiredService<FailoverGroups>()[group];

        // A group that is made wholly in code has no such options, though its probe may be ours.
        if (services.GetService<LastGoodOptions<HttpGroupOptions>>() is { } options && options.TryGet(group, out HttpGroupOptions? http))
        {
            RetryBudget.Of(found).Follow(http.Replay);
        }

        return found;
    }

    /// <summary>The preferred member's address, with a slash at its end: without it a relative request would take the place of the last segment (RFC 3986, 5.2.3).</summary>
    private static Uri? Preferred(FailoverGroup group) =>
        group.Snapshot.Members is not [{ Member.Address: var address }, ..] ? null
        : address.AbsolutePath.EndsWith('/') ? address
        : new Uri(address.AbsoluteUri + "/", UriKind.Absolute);
}
