using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Failover.Engine;
using Failover.Groups;
using Failover.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Failover;

/// <summary>Makes a <see cref="FailoverGroup"/>, with or without a container. Not safe for use by several threads.</summary>
public sealed class FailoverGroupBuilder
{
    private readonly string _name;
    private readonly List<FailoverMember> _members = [];
    private readonly List<Func<FailoverMember, string?>> _checks = [];
    private readonly List<Func<TimeProvider, ILoggerFactory, IHintSource>> _hintSources = [];
    private readonly List<IPoolMover> _poolMovers = [];
    private readonly List<IFitnessPublisher> _fitnessPublishers = [];
    private GroupOptions _options = new();
    private IMemberProbe? _probe;
    private ElectorKind _elector = ElectorKind.Priority;
    private ISwitcher? _switcher;
    private IArbiter? _arbiter;
    private IFence? _fence;
    private string? _cannotSwitch;
    private bool _allowInsecureMember;
    private TimeProvider _time = TimeProvider.System;
    private ILoggerFactory _loggers = NullLoggerFactory.Instance;
    private IMeterFactory? _meters;

    /// <summary>Initializes a builder.</summary>
    /// <param name="name">The name of the group: for logs, metrics and people.</param>
    public FailoverGroupBuilder(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _name = name;
    }

    /// <summary>Gets the name of the group.</summary>
    public string Name => _name;

    /// <summary>Gets or sets the kind of the group: «http», «postgresql».</summary>
    /// <value>The default is «custom».</value>
    public string Kind { get; set; } = "custom";

    /// <summary>Gets what was configured by code, to be done again to settings that are read anew.</summary>
    internal Action<GroupOptions>? Configured { get; private set; }

    /// <summary>Adds a member behind those added before: the order is the order of preference.</summary>
    public FailoverGroupBuilder AddMember(FailoverMember member)
    {
        ArgumentNullException.ThrowIfNull(member);
        _members.Add(member);
        return this;
    }

    /// <summary>Adds a member that is called by its host and port.</summary>
    public FailoverGroupBuilder AddMember(Uri address) => AddMember(new FailoverMember(address));

    /// <summary>Adds a member with a label of its own.</summary>
    public FailoverGroupBuilder AddMember(string name, Uri address) => AddMember(new FailoverMember(name, address));

    /// <summary>
    /// Lets members with and without TLS (<c>https</c> and <c>http</c>) stand in one group, and requests for an https address go to an http member. Without it such a list is refused, here and while the group runs.
    /// </summary>
    public FailoverGroupBuilder AllowInsecureMember()
    {
        _allowInsecureMember = true;
        return this;
    }

    /// <summary>Says which members the group can serve. Asked for each member that the group is made with or given later; a member that is refused is refused together with the list it stands in.</summary>
    /// <param name="whyNot">Returns what is wrong, to be read after the member's address: <c>must be http or https</c>; null if nothing is. For any thread.</param>
    [Experimental("FAILOVER001")]
    public FailoverGroupBuilder CheckMembers(Func<FailoverMember, string?> whyNot)
    {
        ArgumentNullException.ThrowIfNull(whyNot);
        _checks.Add(whyNot);
        return this;
    }

    /// <summary>Sets how members are looked at. Every group needs one.</summary>
    public FailoverGroupBuilder UseProbe(IMemberProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        _probe = probe;
        return this;
    }

    /// <summary>Follows the member that proves to be primary, in place of choosing the first healthy one. Such a group may begin without members: they can be found later.</summary>
    public FailoverGroupBuilder ElectByRole()
    {
        _elector = ElectorKind.Role;
        return this;
    }

    /// <summary>Changes settings. Called at once.</summary>
    public FailoverGroupBuilder Configure(Action<GroupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        Configured += configure;
        return this;
    }

    /// <summary>Sets all settings, in place of what was configured before.</summary>
    public FailoverGroupBuilder UseOptions(GroupOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Configured = null;
        return this;
    }

    /// <summary>Sets what makes the desired member true outside. The group does not own it.</summary>
    public FailoverGroupBuilder UseSwitcher(ISwitcher switcher)
    {
        ArgumentNullException.ThrowIfNull(switcher);
        _switcher = switcher;
        return this;
    }

    /// <summary>Sets who decides which host may use the switcher. The group does not own it.</summary>
    public FailoverGroupBuilder UseArbiter(IArbiter arbiter)
    {
        ArgumentNullException.ThrowIfNull(arbiter);
        _arbiter = arbiter;
        return this;
    }

    /// <summary>
    /// Sets what must have succeeded before the switcher makes another member active in place of one that failed. A member that is left in peace (switchback, drain, a switch that somebody asked for) is not fenced.
    /// </summary>
    public FailoverGroupBuilder UseFence(IFence fence)
    {
        ArgumentNullException.ThrowIfNull(fence);
        _fence = fence;
        return this;
    }

    /// <summary>Adds something that may know earlier than the next probe.</summary>
    public FailoverGroupBuilder AddHintSource(IHintSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _hintSources.Add((_, _) => source);
        return this;
    }

    /// <summary>Adds something that may know earlier than the next probe, and is made with the group.</summary>
    /// <param name="create">Makes it with the clock and the loggers of the group. Called once, by <see cref="Build"/>.</param>
    [Experimental("FAILOVER001")]
    public FailoverGroupBuilder AddHintSource(Func<TimeProvider, ILoggerFactory, IHintSource> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        _hintSources.Add(create);
        return this;
    }

    /// <summary>Adds something that moves pools when the active member changes.</summary>
    public FailoverGroupBuilder AddPoolMover(IPoolMover mover)
    {
        ArgumentNullException.ThrowIfNull(mover);
        _poolMovers.Add(mover);
        return this;
    }

    /// <summary>Adds something that tells this node's fitness to a system that elects by itself.</summary>
    public FailoverGroupBuilder AddFitnessPublisher(IFitnessPublisher publisher)
    {
        ArgumentNullException.ThrowIfNull(publisher);
        _fitnessPublishers.Add(publisher);
        return this;
    }

    /// <summary>Says that the group cannot be switched from here: <see cref="FailoverGroup.SwitchToAsync(FailoverMember, CancellationToken)"/> throws with this reason.</summary>
    /// <param name="why">The reason, as a sentence for people.</param>
    public FailoverGroupBuilder CannotSwitch(string why)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        _cannotSwitch = why;
        return this;
    }

    /// <summary>Sets the clock.</summary>
    /// <remarks>The default is <see cref="TimeProvider.System"/>.</remarks>
    public FailoverGroupBuilder UseTimeProvider(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        return this;
    }

    /// <summary>Sets where the group logs, as category <c>Failover.FailoverGroup</c>.</summary>
    /// <remarks>The default is nowhere.</remarks>
    public FailoverGroupBuilder UseLoggerFactory(ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _loggers = loggers;
        return this;
    }

    /// <summary>Sets who makes the meter <c>Failover</c>.</summary>
    /// <remarks>The default is one meter of that name for the whole process.</remarks>
    public FailoverGroupBuilder UseMeterFactory(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meters = meters;
        return this;
    }

    /// <summary>Makes the group. It is not started yet: the host or the first use does that.</summary>
    /// <exception cref="OptionsValidationException">Something is missing or invalid; it names all of it.</exception>
    public FailoverGroup Build()
    {
        List<string> problems = [];
        if (_probe is null)
        {
            problems.Add($"The group {_name} has no probe: call {nameof(UseProbe)}.");
        }

        if (_members.Count == 0 && _elector == ElectorKind.Priority)
        {
            problems.Add($"The group {_name} has no members: call {nameof(AddMember)}.");
        }

        if (_arbiter is not null && _switcher is null)
        {
            problems.Add($"The group {_name} has an arbiter, but nothing to act with: call {nameof(UseSwitcher)}.");
        }

        if (_fence is not null && _switcher is null)
        {
            problems.Add($"The group {_name} has a fence, but nothing to act with: call {nameof(UseSwitcher)}.");
        }

        problems.AddRange(GroupOptionsValidator.Validate($"Failover:Groups:{_name}", _options));
        MemberRules rules = new([.. _checks], _allowInsecureMember);
        problems.AddRange(rules.Unfit(_name, _members));
        problems.AddRange(rules.Misfits(_name, _members));
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(_name, typeof(FailoverGroup), problems);
        }

        return new(
            new GroupParts
            {
                Name = _name,
                Kind = Kind,
                Probe = _probe!,
                Elector = _elector,
                Switcher = _switcher,
                Arbiter = _arbiter,
                Fence = _fence,
                HintSources = [.. _hintSources.Select(create => create(_time, _loggers))],
                PoolMovers = [.. _poolMovers],
                FitnessPublishers = [.. _fitnessPublishers],
                CannotSwitch = _cannotSwitch ?? (_elector == ElectorKind.Role && _switcher is null ? $"The members of {_name} elect their primary themselves." : null),
                MemberRules = rules,
                Time = _time,
                Logger = new SafeLogger(_loggers.CreateLogger<FailoverGroup>()),
                Telemetry = Telemetry.Of(_meters),
                EpochPath = _options.Epochs.Path,
            },
            _options,
            [.. _members]);
    }
}
