using Failover;
using Failover.Http;
using Failover.Http.Registration;
using Microsoft.Extensions.Http;
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
    /// <para>
    /// In <c>ConfigureHttpClientDefaults</c> it holds for every client of the app. One with a base address of its own that is no member's goes there as before: only <c>AddFailover</c> on that client says that the address means the group.
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
        var setup = new ClientSetup(group, isForAll: builder.Name is null);
        builder.Services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>>(services => new ClientOptions(builder.Name, setup, services.GetRequiredService<FailoverGroups>()));

        // As AddHttpMessageHandler does, which does not tell the name of the client.
        builder.Services.Configure<HttpClientFactoryOptions>(builder.Name, options => options.HttpMessageHandlerBuilderActions.Add(setup.AddHandler));
        return builder;
    }
}
