using System.Diagnostics.CodeAnalysis;
using Failover;
using Failover.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers groups, and kinds of groups.</summary>
public static class FailoverBuilderExtensions
{
    /// <summary>Adds a group that is made in code.</summary>
    /// <remarks>
    /// Its settings are the <see cref="GroupOptions"/> of its name: bound from <c>Failover:Groups:&lt;name&gt;</c> where <c>AddFailover</c> was given a section, and changed by
    /// <c>services.Configure&lt;GroupOptions&gt;(name, …)</c>. What <see cref="FailoverGroupBuilder.Configure"/> changes stands over both, after a reload too.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="configure">Adds the probe, the members and what else the group needs. Called once, when the group is made.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before.</exception>
    public static IFailoverBuilder AddGroup(this IFailoverBuilder builder, string name, Action<IServiceProvider, FailoverGroupBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Registrations.Of(builder).AddGroup(name, null, configure);
        return builder;
    }

    /// <summary>Adds a group of a kind that was registered with <see cref="AddKind{TOptions}(IFailoverBuilder, string, OptionsKeys{TOptions}, Action{IServiceProvider, FailoverGroupBuilder, TOptions}, Action{IServiceProvider, FailoverGroup, TOptions})"/>. Its settings come from configuration, or from <c>services.Configure</c> for the options of its kind.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="kind">The kind, as it was registered.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before, or the kind is not registered.</exception>
    /// <inheritdoc cref="AddGroup(IFailoverBuilder, string, Action{IServiceProvider, FailoverGroupBuilder})" path="/remarks"/>
    public static IFailoverBuilder AddGroup(this IFailoverBuilder builder, string name, string kind)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        Registrations.Of(builder).AddGroup(name, kind, null);
        return builder;
    }

    /// <summary>Adds a group of a kind that was registered with <see cref="AddKind{TOptions}(IFailoverBuilder, string, OptionsKeys{TOptions}, Action{IServiceProvider, FailoverGroupBuilder, TOptions}, Action{IServiceProvider, FailoverGroup, TOptions})"/>, with parts that only code can give.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name: for logs, metrics, people and dependency injection. Without a colon; compared without regard to case.</param>
    /// <param name="kind">The kind, as it was registered.</param>
    /// <param name="configure">Adds to what the kind made of the group's options, or replaces it. Called once, when the group is made.</param>
    /// <exception cref="InvalidOperationException">A group of this name was added before, or the kind is not registered.</exception>
    /// <inheritdoc cref="AddGroup(IFailoverBuilder, string, Action{IServiceProvider, FailoverGroupBuilder})" path="/remarks"/>
    public static IFailoverBuilder AddGroup(this IFailoverBuilder builder, string name, string kind, Action<IServiceProvider, FailoverGroupBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(configure);
        Registrations.Of(builder).AddGroup(name, kind, configure);
        return builder;
    }

    /// <summary>Says that something uses a group by its name, so that a name that is wrong is told when the app starts, with all else that is wrong, and not when the group is first needed.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="group">The name of the group. It need not be registered yet.</param>
    /// <param name="user">Who uses it, for the message: <c>The HTTP client 'orders'</c>.</param>
    [Experimental("FAILOVER001")]
    public static IFailoverBuilder RequireGroup(this IFailoverBuilder builder, string group, string user)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        Registrations.Of(builder).Require(group, user);
        return builder;
    }

    /// <summary>Says that something uses groups whose names are known only when the app starts, as those that its own configuration names: <see cref="RequireGroup"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="required">Gives the names, each with who uses the group, for the message. Called when all settings are checked; it must not ask for options of Failover, which are checked only then.</param>
    [Experimental("FAILOVER001")]
    public static IFailoverBuilder RequireGroups(this IFailoverBuilder builder, Func<IEnumerable<(string Group, string User)>> required)
    {
        ArgumentNullException.ThrowIfNull(required);
        Registrations.Of(builder).Require(required);
        return builder;
    }

    /// <summary>
    /// Adds to groups, whatever package they are of, and wherever they are registered: what a package does that brings hints for the groups of another. Ask the builder for the group's name.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Called once for each group, when it is made: after its kind, and before what <c>AddGroup</c> was given.</param>
    [Experimental("FAILOVER001")]
    public static IFailoverBuilder ConfigureGroups(this IFailoverBuilder builder, Action<IServiceProvider, FailoverGroupBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Registrations.Of(builder).AddToGroups(configure);
        return builder;
    }

    /// <summary>
    /// Registers a kind of group: what <c>AddHttp()</c> and its like do. Every group of the configuration whose <c>Kind</c> is this one is then made so, and <c>AddGroup</c> may name it in code.
    /// A kind that is registered already stays as it is.
    /// </summary>
    /// <remarks>
    /// The options are named by their group, bound from its section, checked at start together with all others, and read again when the configuration changes. A change that is invalid, in
    /// these or in the group's own options, changes nothing: <see cref="LastGoodOptions{TOptions}"/> keeps what was in force. Inject that in place of <c>IOptionsMonitor</c>, which throws after an invalid change.
    /// </remarks>
    /// <typeparam name="TOptions">The options of such a group, beside its <see cref="GroupOptions"/>.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="kind">The kind, as it is written in configuration: <c>Http</c>. Compared without regard to case.</param>
    /// <param name="keys">The keys of the options, and what they allow.</param>
    /// <param name="build">Gives a group its probe, its members and what else it needs, from its options. Called once for each group, when it is made.</param>
    /// <param name="change">Carries changed options into a running group: <c>group.SetMembers(…)</c>. Called after they were found valid. If it throws, the change counts as invalid.</param>
    [Experimental("FAILOVER001")]
    public static IFailoverBuilder AddKind<TOptions>(
        this IFailoverBuilder builder,
        string kind,
        OptionsKeys<TOptions> keys,
        Action<IServiceProvider, FailoverGroupBuilder, TOptions> build,
        Action<IServiceProvider, FailoverGroup, TOptions> change)
        where TOptions : class, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(change);
        Registrations.Of(builder).AddKind(builder.Services, kind, keys, build, change, null);
        return builder;
    }

    /// <summary>Registers a kind of group whose settings begin with other values than those of every group: what a database needs is not what a website needs. Code and configuration stand over them.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="kind">The kind, as it is written in configuration: <c>PostgreSql</c>. Compared without regard to case.</param>
    /// <param name="keys">The keys of the options, and what they allow.</param>
    /// <param name="build">Gives a group its probe, its members and what else it needs, from its options. Called once for each group, when it is made.</param>
    /// <param name="change">Carries changed options into a running group. Called after they were found valid. If it throws, the change counts as invalid.</param>
    /// <param name="defaults">Changes the settings of a group of this kind before anything else does. Called each time they are read.</param>
    /// <inheritdoc cref="AddKind{TOptions}(IFailoverBuilder, string, OptionsKeys{TOptions}, Action{IServiceProvider, FailoverGroupBuilder, TOptions}, Action{IServiceProvider, FailoverGroup, TOptions})" path="/remarks|/typeparam"/>
    [Experimental("FAILOVER001")]
    public static IFailoverBuilder AddKind<TOptions>(
        this IFailoverBuilder builder,
        string kind,
        OptionsKeys<TOptions> keys,
        Action<IServiceProvider, FailoverGroupBuilder, TOptions> build,
        Action<IServiceProvider, FailoverGroup, TOptions> change,
        Action<GroupOptions> defaults)
        where TOptions : class, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(defaults);
        Registrations.Of(builder).AddKind(builder.Services, kind, keys, build, change, defaults);
        return builder;
    }

    /// <summary>
    /// Registers a section of settings beside <c>Groups</c>, for a package that has some which belong to no group. It is bound and checked with all others when the app starts, and read again when the configuration changes; a change that
    /// is invalid changes nothing. Inject <see cref="LastGoodSection{TOptions}"/>. A second call for the same options type does nothing.
    /// </summary>
    /// <typeparam name="TOptions">The options type; <c>services.Configure</c> for it works as everywhere.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="key">The name of the section: <c>Health</c>.</param>
    /// <param name="keys">The keys of the options, and what they allow.</param>
    [Experimental("FAILOVER001")]
    public static IFailoverBuilder AddSection<TOptions>(this IFailoverBuilder builder, string key, OptionsKeys<TOptions> keys)
        where TOptions : class, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(keys);
        Registrations.Of(builder).AddSection(builder.Services, key, keys);
        return builder;
    }
}
