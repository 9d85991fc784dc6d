using System.Net.Security;
using Failover.Http.Connections;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>One of the two runs of a case: a client, with or without a handler of ours, and what its caller saw.</summary>
internal sealed class Run : IDisposable
{
    internal Run(Wire wire, SurvivalServers.Trio servers, SocketsHttpHandler transport, Func<SocketsHttpHandler, HttpMessageHandler> around)
    {
        Wire = wire;
        Servers = servers;
        Transport = transport;
        Chain = around(transport);
        Client = new HttpClient(Chain)
        {
            BaseAddress = servers.A.Address,
            DefaultRequestVersion = wire.Version(),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Given.Limit,
        };
    }

    internal Wire Wire { get; }

    internal SurvivalServers.Trio Servers { get; }

    internal SocketsHttpHandler Transport { get; }

    /// <summary>The transport, and what stands before it.</summary>
    internal HttpMessageHandler Chain { get; }

    internal HttpClient Client { get; }

    internal Transcript Seen { get; } = new();

    /// <summary>A request for a path of the client's base address, or for an absolute URI.</summary>
    internal HttpRequestMessage Request(HttpMethod method, string uri) =>
        new(method, new Uri(uri, UriKind.RelativeOrAbsolute)) { Version = Wire.Version(), VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>Sends it, and writes down what came of it, an exception included.</summary>
    internal async Task SendAsync(HttpRequestMessage request, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, CancellationToken cancellationToken = default)
    {
        using (request)
        {
            await TryAsync(
                async () =>
                {
                    using HttpResponseMessage response = await Client.SendAsync(request, completion, cancellationToken).WaitAsync(Given.Limit, CancellationToken.None);
                    Seen.Add($"the message is the caller's own: {ReferenceEquals(request, response.RequestMessage)}");
                    await Seen.AddAsync(response);
                },
                cancellationToken);
            Seen.Add(request);
        }
    }

    /// <summary>Writes down what it throws, or that it throws nothing.</summary>
    internal async Task TryAsync(Func<Task> act, CancellationToken caller = default)
    {
        try
        {
            await act();
            Seen.Add("threw nothing");
        }
        catch (Exception error)
        {
            Seen.Add(error, caller);
        }
    }

    public void Dispose() => Client.Dispose();

    /// <summary>What <c>AddFailover</c> puts before the transport of a client.</summary>
    internal static FailoverHandler Over(FailoverGroup group, SocketsHttpHandler transport) => new(group) { InnerHandler = new ConnectionsHandler(group, transport, () => SocketsHandlerCopy.Of(transport), TimeProvider.System) };

    internal static SocketsHttpHandler NewTransport() => new()
    {
        // Another test of this process may listen to activities.
        ActivityHeadersPropagator = null,
        Expect100ContinueTimeout = Given.Limit,
#pragma warning disable CA5359 // The servers of these tests sign for themselves.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    };
}
