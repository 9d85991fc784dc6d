using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Registration;

/// <summary>Refuses a check that compares this node to its peers where there are none: it would fail for ever, and the node never serve.</summary>
internal sealed class PeersRule(string check, IServiceProvider services) : IValidateOptions<HealthOptions>
{
    public ValidateOptionsResult Validate(string? name, HealthOptions options) =>
        services.GetService<IServiceProviderIsService>()?.IsService(typeof(NodePeers)) == false
            ? ValidateOptionsResult.Fail($"The health check '{check}' compares this node to its peers, and none are registered: call AddFailover(…).AddPeers(), or leave the check out.")
            : ValidateOptionsResult.Success;
}
