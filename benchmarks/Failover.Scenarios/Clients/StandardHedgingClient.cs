using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Failover.Scenarios.Clients;

/// <summary>AddStandardHedgingHandler with two ordered groups of one endpoint each, and its defaults else.</summary>
internal sealed class StandardHedgingClient : ClientKind
{
    internal override string Name => "standard-hedging";

    internal override void Configure(IHttpClientBuilder client, Backends backends) =>
        client.AddStandardHedgingHandler(routing => routing.ConfigureOrderedGroups(options =>
        {
            options.Groups.Add(Group(backends.Primary));
            options.Groups.Add(Group(backends.Secondary));
        }));

    private static UriEndpointGroup Group(Uri endpoint) => new() { Endpoints = { new WeightedUriEndpoint { Uri = endpoint } } };
}
