namespace Failover.DnsSwitching;

/// <summary>The settings of a name that follows the active member of a group: <c>Failover:Dns:&lt;group&gt;</c>.</summary>
public sealed class DnsSwitchOptions
{
    /// <summary>Gets or sets the name that is moved, such as <c>shop.example.com</c>.</summary>
    /// <value>Required, in code or in configuration. Read when the group is made.</value>
    public string? Name { get; set; }

    /// <summary>Gets or sets how long caches may keep the name's values. It is written with each move.</summary>
    /// <value>The default is 30 seconds; from 1 second to 1 day, in whole seconds. Above 60 seconds it is warned of at start: for so long clients may go to the dead server.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets whose name it is: the same in all processes that may move it, another in every other app. A name that stands as another's is not touched.</summary>
    /// <value>The default is the name of the group, with '-' for what an owner's name may not hold; 1 to 64 letters, digits, '.', '_' and '-'.</value>
    public string? Owner { get; set; }

    /// <summary>Gets or sets how long the name rests after each move, whoever made it: caches keep the old values for their time to live, and a name that moves faster is followed by nobody. A move that a person asked for does not wait.</summary>
    /// <value>The default is 1 minute, twice the default time to live; from 0 to 1 day.</value>
    public TimeSpan CoolDown { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how long it may take until every name server answers what was written. After that the switchover is told without that time, and who does not answer it is logged.</summary>
    /// <value>The default is 1 minute; from 1 second to 1 hour. BIND tells its secondaries up to 5 seconds late: <c>notify-delay 0</c>.</value>
    public TimeSpan VisibleWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the name servers that clients' resolvers ask: the switch is visible once all of them answer it. Addresses or host names, each with a port where it is not 53.</summary>
    /// <value>The default is none: then it is visible when the provider shows it. Up to 16.</value>
    public IList<string> NameServers { get; set; } = [];

    /// <summary>Gets or sets what the name is to hold for each member, by the member's name: addresses, or one other name.</summary>
    /// <value>The default for a member that is not named here is the host of its address.</value>
    public IDictionary<string, IList<string>> Targets { get; } = new Dictionary<string, IList<string>>(StringComparer.OrdinalIgnoreCase);
}
