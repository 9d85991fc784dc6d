using Failover.Keepalived.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace Failover.Keepalived;

/// <summary>Says in code what a virtual address is made of, beside its settings. For use while the app is set up, on one thread.</summary>
public sealed class KeepalivedGroupBuilder
{
    internal KeepalivedGroupBuilder(string name, IServiceCollection services) => (Name, Services) = (name, services);

    /// <summary>Gets the name of the group.</summary>
    public string Name { get; }

    /// <summary>Gets the services of the app.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Changes the settings that every group has: switchback, thresholds, how long both may hold the address (<see cref="EpochOptions.OverlapTolerance"/>).</summary>
    public KeepalivedGroupBuilder Configure(Action<GroupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.Configure(Name, configure);
        return this;
    }

    /// <summary>
    /// Sets a third party that says who is to keep the address when both nodes hold it: whoever is master holds the lease of the group's name, and the node with the lower priority yields if, and only if, the other one has it. Without a witness
    /// neither yields: both go on, and it is told.
    /// </summary>
    /// <param name="arbiter">Says where the lease is kept. Called when the group is made.</param>
    public KeepalivedGroupBuilder UseWitness(Action<ArbiterBuilder> arbiter)
    {
        ArgumentNullException.ThrowIfNull(arbiter);
        Services.AddKeyedSingleton(Name, new WitnessSetup(arbiter));
        return this;
    }
}
