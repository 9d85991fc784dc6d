namespace Failover;

/// <summary>A command that fences: <c>/usr/sbin/fence_ipmilan --ip={host} --action=off</c>.</summary>
public sealed class CommandFenceOptions
{
    /// <summary>Gets or sets the program: a full path, or a name that is looked for in PATH. No shell stands between.</summary>
    /// <value>The default is empty; it must be set.</value>
    public string FileName { get; set; } = "";

    /// <summary>
    /// Gets the arguments, each passed as it is, without a shell that would read it. In each, <c>{resource}</c>, <c>{target}</c>, <c>{host}</c>, <c>{port}</c> and <c>{token}</c> are replaced; <c>{host}</c> is the host of the member's address, and
    /// the target itself where there is no address.
    /// </summary>
    /// <value>The default is none.</value>
    public IList<string> Arguments { get; } = [];

    /// <summary>Gets or sets how long the command may take. Then it is killed with all that it has started, and the fence counts as failed.</summary>
    /// <value>The default is 30 seconds; from 1 second to 10 minutes.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets whether the command is only logged, as it would be run, and counts as having succeeded: to see that all is wired well before it shoots.</summary>
    /// <value>The default is false.</value>
    public bool DryRun { get; set; }
}
