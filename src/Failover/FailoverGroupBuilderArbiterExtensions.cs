using Microsoft.Extensions.Options;

namespace Failover;

/// <summary>Gives groups an arbiter from the services of the app.</summary>
public static class FailoverGroupBuilderArbiterExtensions
{
    /// <summary>
    /// Sets who decides which host may use the switcher of a group, by where its leases are kept; their settings stand in <c>Failover:Leases:&lt;name of the group&gt;</c>. A fence of the arbiter is that of the group:
    /// <see cref="FailoverGroupBuilder.UseFence"/>.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="services">The services of the app, on which <c>AddFailover()</c> was called.</param>
    /// <param name="configure">Says where the leases are kept. Called at once.</param>
    /// <exception cref="OptionsValidationException">It was not said where, or a setting is invalid.</exception>
    public static FailoverGroupBuilder UseArbiter(this FailoverGroupBuilder group, IServiceProvider services, Action<ArbiterBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new ArbiterBuilder(group.Name);
        configure(builder);
        (IArbiter arbiter, IFence? fence) = builder.Build(services);
        group.UseArbiter(arbiter);
        return fence is null ? group : group.UseFence(fence);
    }
}
