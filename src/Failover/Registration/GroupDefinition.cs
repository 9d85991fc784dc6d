namespace Failover.Registration;

/// <summary>A kind of group: its name, how its options become a group, and what else than the usual defaults its groups begin with.</summary>
internal sealed record GroupKind(string Name, GroupPart Part, Action<GroupOptions>? Defaults);

/// <summary>A group to be made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind; null for one that is made wholly in code.</param>
/// <param name="Configure">What code adds.</param>
internal sealed record GroupDefinition(string Name, GroupKind? Kind, Action<IServiceProvider, FailoverGroupBuilder>? Configure);
