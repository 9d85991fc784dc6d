namespace Failover.Registration;

/// <summary>A kind of group: its name and how its options become a group.</summary>
internal sealed record GroupKind(string Name, GroupPart Part);

/// <summary>A group to be made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind; null for one that is made wholly in code.</param>
/// <param name="Configure">What code adds.</param>
internal sealed record GroupDefinition(string Name, GroupKind? Kind, Action<IServiceProvider, FailoverGroupBuilder>? Configure);
