using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;

namespace Failover.AspNetCore.Registration;

/// <summary>What several endpoints have in common: a convention given to one is given to all.</summary>
internal sealed class EndpointConventions(IEnumerable<IEndpointConventionBuilder> endpoints) : IEndpointConventionBuilder
{
    private static readonly object[] Quiet = [new ExcludeFromDescriptionAttribute(), new DisableHttpMetricsAttribute(), new HttpLoggingAttribute(HttpLoggingFields.None)];

    private readonly IEndpointConventionBuilder[] _endpoints = [.. endpoints];

    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (IEndpointConventionBuilder endpoint in _endpoints)
        {
            endpoint.Add(convention);
        }
    }

    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (IEndpointConventionBuilder endpoint in _endpoints)
        {
            endpoint.Finally(finallyConvention);
        }
    }

    /// <summary>Keeps an endpoint that is asked every second out of logs, metrics and descriptions, and apart from what the app asks of its callers and its middleware.</summary>
    internal static void Apply(IEndpointConventionBuilder endpoint, string name, bool shortCircuit)
    {
        endpoint.WithDisplayName(name).WithMetadata(Quiet);

        // Once all conditions are known, those of the app and of the groups around the endpoint.
        endpoint.Finally(built =>
        {
            if (built.Metadata.Any(static one => one is IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData))
            {
                return;
            }

            // Stands over the fallback policy of the app, and would stand over a policy of the endpoint's own.
            built.Metadata.Add(new AllowAnonymousAttribute());
            if (shortCircuit && !built.Metadata.Any(static one => one is ICorsMetadata or EnableRateLimitingAttribute))
            {
                new One(built).ShortCircuit();
            }
        });
    }

    /// <summary>An endpoint that is being built, for conventions of the framework.</summary>
    private sealed class One(EndpointBuilder endpoint) : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention) => convention(endpoint);
    }
}
