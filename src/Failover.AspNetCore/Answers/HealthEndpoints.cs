using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Failover.AspNetCore.Answers;

/// <summary>The endpoints that were mapped, to be looked at once the app has started: what a typo would make of them is told then, and not found out in an outage.</summary>
internal sealed class HealthEndpoints(Access access, ILogger<HealthEndpoints> logger)
{
    private readonly ConcurrentQueue<HealthEndpoint> _endpoints = [];
    private readonly ConcurrentQueue<(string User, string Policy)> _guards = [];

    internal void Add(HealthEndpoint endpoint) => _endpoints.Enqueue(endpoint);

    /// <summary>Says that something asks for a policy.</summary>
    internal void AddGuard(string user, string policy) => _guards.Enqueue((user, policy));

    /// <exception cref="InvalidOperationException">A policy is not there.</exception>
    internal async Task CheckPoliciesAsync()
    {
        foreach (HealthEndpoint endpoint in _endpoints)
        {
            if (endpoint.Policy is { } policy)
            {
                await access.RequireAsync(policy, $"The health endpoint {endpoint.Pattern}").ConfigureAwait(false);
            }
        }

        foreach ((string user, string policy) in _guards)
        {
            await access.RequireAsync(policy, user).ConfigureAwait(false);
        }
    }

    /// <summary>Warns of ports on which nobody listens.</summary>
    internal void CheckPorts(IServer? server)
    {
        if (server?.Features.Get<IServerAddressesFeature>()?.Addresses is not { Count: > 0 } addresses)
        {
            return;
        }

        HashSet<int> listened = [.. addresses.Select(PortOf)];
        foreach (IGrouping<int, HealthEndpoint> port in _endpoints.SelectMany(static endpoint => new[] { endpoint.Port, endpoint.ManagementPort }.OfType<int>().Distinct(), static (endpoint, port) => (endpoint, port)).GroupBy(static one => one.port, static one => one.endpoint))
        {
            if (!listened.Contains(port.Key))
            {
                Log.PortNotListened(logger, string.Join(", ", port.Select(static endpoint => endpoint.Pattern)), port.Key, string.Join(", ", addresses));
            }
        }
    }

    /// <summary>-1 where a server of another kind writes its addresses in a way of its own.</summary>
    private static int PortOf(string address)
    {
        try
        {
            return BindingAddress.Parse(address).Port;
        }
        catch (FormatException)
        {
            return -1;
        }
    }
}
