using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Registration;

/// <summary>What <c>AddFailover()</c> returns.</summary>
internal sealed class FailoverBuilder(IServiceCollection services, Registrations registrations) : IFailoverBuilder
{
    public IServiceCollection Services => services;

    public IConfigurationSection? Configuration => registrations.Configuration;
}
