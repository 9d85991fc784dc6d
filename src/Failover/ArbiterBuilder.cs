using System.Diagnostics.CodeAnalysis;
using Failover.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover;

/// <summary>
/// Says where the leases of a gate or a group are kept, how long they last, and who is fenced. Packages add where: <c>UseEtcd()</c>, <c>UsePostgreSql("db")</c>, <c>UseKubernetes()</c>. For use while the app is set up, on one thread.
/// </summary>
public sealed class ArbiterBuilder
{
    /// <summary>What says where leases are kept.</summary>
    internal const string Stores = $"UseEtcd(), UsePostgreSql(), UseKubernetes() or {nameof(UseStore)}()";

    private Func<IServiceProvider, ILeaseStore>? _store;
    private Func<IServiceProvider, IFence>? _fence;

    internal ArbiterBuilder(string resource) => Resource = resource;

    /// <summary>Gets what the leases are for: the name of the gate or of the group. All hosts that compete call it alike.</summary>
    public string Resource { get; }

    /// <summary>Gets the groups in which the leases are kept.</summary>
    internal List<string> RequiredGroups { get; } = [];

    /// <summary>Gets what code changes of the options.</summary>
    internal Action<LeaseOptions>? Configured { get; private set; }

    /// <summary>Gets whether it was said where the leases are kept.</summary>
    internal bool HasStore => _store is not null;

    /// <summary>Says where the leases are kept. The last call counts.</summary>
    /// <param name="create">Gives the store. Called once. The arbiter does not own it.</param>
    public ArbiterBuilder UseStore(Func<IServiceProvider, ILeaseStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        _store = create;
        return this;
    }

    /// <summary>Says that the leases are kept in a group, so that a name that is wrong is told when the app starts, with all else that is wrong. For packages.</summary>
    /// <param name="group">The name of the group. It need not be registered yet.</param>
    [Experimental("FAILOVER001")]
    public ArbiterBuilder RequireGroup(string group)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        RequiredGroups.Add(group);
        return this;
    }

    /// <summary>Changes how long a lease lasts. It stands over what configuration says in <c>Failover:Leases:&lt;name&gt;</c>.</summary>
    /// <param name="configure">Changes the options. Called each time that they are read.</param>
    public ArbiterBuilder Configure(Action<LeaseOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Configured += configure;
        return this;
    }

    /// <summary>
    /// Sets what must have succeeded before anybody follows a host that let its lease run out without giving it back. That host is named by its <see cref="LeaseOptions.Holder"/>, and is not forgotten until a fence has succeeded, by whichever host.
    /// A former process of the same host is not fenced.
    /// </summary>
    /// <param name="create">Gives the fence. Called once.</param>
    public ArbiterBuilder UseFence(Func<IServiceProvider, IFence> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        _fence = create;
        return this;
    }

    /// <summary>Fences with a command: <see cref="UseFence"/>.</summary>
    /// <param name="configure">Sets the command. Called once.</param>
    public ArbiterBuilder UseFenceCommand(Action<CommandFenceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return UseFence(services =>
        {
            CommandFenceOptions options = new();
            configure(options);
            return new CommandFence(options, $"The fence of {Resource}", TimeOf(services), LoggersOf(services));
        });
    }

    /// <summary>Makes an arbiter from the services of the app, for a package that needs one beside its group. Its settings stand in <c>Failover:Leases:&lt;resource&gt;</c>.</summary>
    /// <param name="resource">What the leases are for: the name of the group.</param>
    /// <param name="services">The services of the app, on which <c>AddFailover()</c> was called.</param>
    /// <param name="configure">Says where the leases are kept. Called at once.</param>
    /// <exception cref="OptionsValidationException">It was not said where, a setting is invalid, or there is a fence: who only wants an arbiter does not fence.</exception>
    [Experimental("FAILOVER001")]
    public static IArbiter Create(string resource, IServiceProvider services, Action<ArbiterBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resource);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new ArbiterBuilder(resource);
        configure(builder);
        (LeaseArbiter arbiter, IFence? fence) = builder.Build(services);
        return fence is null ? arbiter : throw new OptionsValidationException(resource, typeof(ArbiterBuilder), [$"The arbiter of {resource} has a fence, which nobody would use: leave {nameof(UseFence)} out."]);
    }

    /// <exception cref="OptionsValidationException">Something is missing, or a setting is invalid.</exception>
    internal (LeaseArbiter Arbiter, IFence? Fence) Build(IServiceProvider services)
    {
        // First of all what is wrong with any of them, told at once.
        LastGoodSection<LeasesOptions> leases = services.GetRequiredService<LastGoodSection<LeasesOptions>>();
        _ = leases.Current;
        if (_store is not { } store)
        {
            throw new OptionsValidationException(Resource, typeof(ArbiterBuilder), [$"The lease of {Resource} has no place where it is kept: call {Stores}."]);
        }

        var options = new LeaseOptionsInForce(Resource, Configured, leases);
        return (new(store(services), () => options.Current, TimeOf(services), LoggersOf(services)), _fence?.Invoke(services));
    }

    internal static TimeProvider TimeOf(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;

    internal static ILoggerFactory LoggersOf(IServiceProvider services) => services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
}
