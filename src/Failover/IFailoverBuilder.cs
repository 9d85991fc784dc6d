using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Failover;

/// <summary>Where groups, kinds and what belongs to them are registered: what <c>AddFailover()</c> returns. For use while the app is set up, on one thread.</summary>
public interface IFailoverBuilder
{
    /// <summary>Gets the services of the app.</summary>
    IServiceCollection Services { get; }

    /// <summary>Gets the section that <c>AddFailover(section)</c> was given, by any call so far; null if none was.</summary>
    IConfigurationSection? Configuration { get; }
}
