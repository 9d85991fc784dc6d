using Microsoft.Extensions.Logging;

namespace Failover.DnsSwitching.Switching;

/// <summary>What the switcher of one name works with.</summary>
internal sealed class DnsSwitchParts
{
    /// <summary>The name of the group.</summary>
    internal required string Group { get; init; }

    /// <summary>The name, in the one form that it has.</summary>
    internal required string Name { get; init; }

    /// <summary>Whose name it is.</summary>
    internal required string Owner { get; init; }

    /// <summary>Whether this host moves it under a lease, as far as is known at the start.</summary>
    internal required bool HasLease { get; init; }

    internal required IDnsProvider Provider { get; init; }

    /// <summary>Gives the settings in force.</summary>
    internal required Func<DnsSwitchOptions> Options { get; init; }

    /// <summary>Gives the members of the group.</summary>
    internal required Func<IEnumerable<FailoverMember>> Members { get; init; }

    /// <summary>Gives the switchover that is being made; null if none is.</summary>
    internal required Func<Guid?> Switchover { get; init; }

    /// <summary>Whether a person asked for the switchover that is being made.</summary>
    internal required Func<bool> IsAskedFor { get; init; }

    internal required Visibility Visibility { get; init; }

    internal required DnsReport Report { get; init; }

    internal required TimeProvider Time { get; init; }

    internal required ILogger Logger { get; init; }
}
