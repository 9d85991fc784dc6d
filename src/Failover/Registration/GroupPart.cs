using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Failover.Registration;

/// <summary>One options type of a group: how it is made, checked and carried into the group.</summary>
internal abstract class GroupPart
{
    /// <summary>Gets the patterns of the keys that this part reads.</summary>
    internal abstract IReadOnlyList<string> Known { get; }

    /// <summary>Makes the options from all their sources, and checks them.</summary>
    /// <exception cref="OptionsValidationException">They are invalid.</exception>
    internal abstract object Create(IServiceProvider services, string group);

    /// <summary>Refuses changes that a running group cannot make.</summary>
    internal abstract void CheckChange(object before, object after, OptionsCheck check);

    /// <summary>Carries the options into a group that is being made.</summary>
    internal abstract void Build(IServiceProvider services, FailoverGroupBuilder builder, object options);

    /// <summary>Carries changed options into a running group.</summary>
    internal abstract void Change(IServiceProvider services, FailoverGroup group, object options);
}

/// <inheritdoc/>
internal sealed class GroupPart<TOptions>(
    OptionsKeys<TOptions> keys,
    Action<IServiceProvider, FailoverGroupBuilder, TOptions> build,
    Action<IServiceProvider, FailoverGroup, TOptions> change) : GroupPart
    where TOptions : class, new()
{
    internal override IReadOnlyList<string> Known => keys.Known;

    internal override object Create(IServiceProvider services, string group) => services.GetRequiredService<IOptionsFactory<TOptions>>().Create(group);

    internal override void CheckChange(object before, object after, OptionsCheck check) => keys.CheckChange((TOptions)before, (TOptions)after, check);

    internal override void Build(IServiceProvider services, FailoverGroupBuilder builder, object options) => build(services, builder, (TOptions)options);

    internal override void Change(IServiceProvider services, FailoverGroup group, object options) => change(services, group, (TOptions)options);
}
