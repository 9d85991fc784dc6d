using System.Diagnostics.CodeAnalysis;
using Failover;
using Failover.Gates;
using Failover.Leases;
using Failover.Logging;
using Failover.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what lets one process at a time act.</summary>
public static class FailoverBuilderPrimaryExtensions
{
    /// <summary>
    /// Adds a gate that lets one process at a time pass, over a lease. Inject it with <c>[FromKeyedServices(name)] IPrimaryGate</c>, or run a service behind it with <see cref="AddPrimaryService{TService}"/>. How long the lease lasts stands in
    /// <c>Failover:Leases:&lt;name&gt;</c> (<see cref="LeaseOptions"/>), and is checked at start; a change of it counts from the next lease on.
    /// </summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name, the same in all processes that compete. Without a colon.</param>
    /// <param name="configure">Says where the lease is kept. Called at once.</param>
    /// <exception cref="InvalidOperationException">A gate of this name was added before.</exception>
    public static IFailoverBuilder AddPrimaryGate(this IFailoverBuilder builder, string name, Action<ArbiterBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var arbiter = new ArbiterBuilder(name);
        Registrations.Of(builder).AddGate(arbiter);
        configure(arbiter);
        builder.Services.AddKeyedSingleton<IPrimaryGate>(name, (services, _) =>
        {
            (LeaseArbiter leases, IFence? fence) = arbiter.Build(services);
            return new NamedGate(name, new LeaseGate(name, leases, fence, ArbiterBuilder.TimeOf(services), new SafeLogger(ArbiterBuilder.LoggersOf(services).CreateLogger<IPrimaryGate>())));
        });
        return builder;
    }

    /// <summary>
    /// Adds a gate over something else than a lease, as over a virtual address. For packages. What <see cref="AddPrimaryService{TService}"/> runs behind it, and the health check of gates, see no difference. What keeps a service from being run
    /// stands in its state; all else, it says itself.
    /// </summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="name">The name, the same in all processes that compete. Without a colon.</param>
    /// <param name="create">Makes the gate. Called once, when it is first used; the gate is disposed of with the container.</param>
    /// <exception cref="InvalidOperationException">A gate of this name was added before.</exception>
    [Experimental("FAILOVER001")]
    public static IFailoverBuilder AddPrimaryGate(this IFailoverBuilder builder, string name, Func<IServiceProvider, IPrimaryGate> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Registrations.Of(builder).AddGate(name);
        builder.Services.AddKeyedSingleton<IPrimaryGate>(name, (services, _) => new NamedGate(name, create(services)));
        return builder;
    }

    /// <summary>
    /// Runs a hosted service on one server only: wherever this app runs, a <typeparamref name="TService"/> is made and started where the process is the primary of the gate, and stopped when it is so no longer. When the app stops, the service is
    /// stopped first and then the next one is let in at once, without waiting for the lease to run out.
    /// </summary>
    /// <remarks>
    /// Each time a new one is made, in a scope of its own, in which a <see cref="PrimaryScope"/> can be injected: for its token, and to ask right before each act whether this is still the primary. A <see cref="BackgroundService"/> gets a stopping
    /// token that is cancelled on loss, before another process may begin, by <see cref="LeaseOptions.Margin"/>: it must stop within that time. One that fails hands over, and is tried again after a pause of 1 second that doubles up to 1 minute. One
    /// that ends by itself is not started again while this process is the primary.
    /// </remarks>
    /// <typeparam name="TService">The service: a <see cref="BackgroundService"/>, or anything that starts and stops. It must not be registered as a hosted service itself.</typeparam>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="gate">The name of the gate. It may be added later.</param>
    public static IFailoverBuilder AddPrimaryService<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(this IFailoverBuilder builder, string gate)
        where TService : class, IHostedService
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(gate);
        Registrations.Of(builder).RequireGate(gate, $"AddPrimaryService<{typeof(TService).Name}>");
        builder.Services.TryAddScoped<PrimaryServiceScope>();
        builder.Services.TryAddScoped<PrimaryScope>(static services => services.GetRequiredService<PrimaryServiceScope>().Scope);
        builder.Services.AddSingleton<IHostedService>(services => new PrimaryServiceRunner<TService>(
            Gate(services, gate),
            services.GetRequiredService<IServiceScopeFactory>(),
            ArbiterBuilder.TimeOf(services),
            new SafeLogger(ArbiterBuilder.LoggersOf(services).CreateLogger<IPrimaryGate>())));
        return builder;
    }

    /// <summary>Says that something uses a gate by its name, so that a name that is wrong is told when the app starts, with all else that is wrong.</summary>
    /// <param name="builder">What <c>AddFailover()</c> returned.</param>
    /// <param name="gate">The name of the gate. It need not be registered yet.</param>
    /// <param name="user">Who uses it, for the message: <c>The health check 'nightly'</c>.</param>
    [Experimental("FAILOVER001")]
    public static IFailoverBuilder RequireGate(this IFailoverBuilder builder, string gate, string user)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(gate);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        Registrations.Of(builder).RequireGate(gate, user);
        return builder;
    }

    private static IPrimaryGate Gate(IServiceProvider services, string name)
    {
        // First of all what is wrong with any of them, told at once: a hosted service is made before the hosted service that checks has started.
        services.GetRequiredService<GroupRegistry>().CheckOnce();
        return services.GetRequiredKeyedService<IPrimaryGate>(name);
    }
}
