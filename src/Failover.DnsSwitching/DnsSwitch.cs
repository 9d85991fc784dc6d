using Failover.DnsSwitching.Switching;

namespace Failover.DnsSwitching;

/// <summary>A name that follows the active member of a group: what is known of it, what a move would do, and how the last one is put back. A keyed service of the group's name. For any thread.</summary>
public sealed class DnsSwitch
{
    private readonly DnsSwitchRun _run;

    internal DnsSwitch(DnsSwitchRun run) => _run = run;

    /// <summary>Gets the name that is moved.</summary>
    public string Name => _run.Name;

    /// <summary>Gets the group whose active member it names.</summary>
    public FailoverGroup Group => _run.Group;

    /// <summary>Gets what is known of it now. Asks nobody.</summary>
    public DnsSwitchSnapshot Snapshot => _run.Report.Snapshot;

    /// <summary>Reads the name, and says step by step what a move would do. It changes nothing.</summary>
    /// <param name="nameOrAddress">The member: its name, without regard to case, or its address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The group has no such member.</exception>
    /// <exception cref="SwitchReadException">The name could not be read; the message says why.</exception>
    public async ValueTask<IReadOnlyList<string>> PlanAsync(string nameOrAddress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrAddress);
        FailoverMember member = Group.Snapshot.Members.Select(static one => one.Member)
            .FirstOrDefault(one => string.Equals(one.Name, nameOrAddress, StringComparison.OrdinalIgnoreCase) || string.Equals(one.Address.OriginalString.TrimEnd('/'), nameOrAddress.TrimEnd('/'), StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"{Group.Name} has no member {nameOrAddress}.", nameof(nameOrAddress));
        SwitchReading reading = await _run.Switcher.ReadAsync(cancellationToken).ConfigureAwait(false);
        return _run.Switcher.Plan(reading, member).Steps;
    }

    /// <summary>
    /// Puts back what this process's last move changed, if nobody has changed it since. The group sees it at its next look as a change from outside. For people: it asks for no lease, and waits for no cool-down; pin the group first
    /// (<see cref="FailoverGroup.Pin"/>), or it may move the name again.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">There is nothing to put back, or someone else has moved the name since; the message says which.</exception>
    public async ValueTask RestoreAsync(CancellationToken cancellationToken)
    {
        SwitchReceipt receipt = _run.Report.Receipt ?? throw new InvalidOperationException($"This process has not moved {Name}, or has put it back already: there is nothing to put back.");
        await _run.Switcher.RestoreAsync(receipt, cancellationToken).ConfigureAwait(false);
        _run.Report.Restored(receipt);
        Group.Hint(new(HintKind.LookNow, "dns"));
    }
}
