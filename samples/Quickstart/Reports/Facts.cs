using Failover;
using Quickstart.Load;
using Quickstart.Servers;

namespace Quickstart.Reports;

/// <summary>What was seen, before anything is concluded from it.</summary>
internal sealed record Facts
{
    public required IReadOnlyList<PhaseTime> Phases { get; init; }

    public required IReadOnlyList<Call> Calls { get; init; }

    public required IReadOnlyList<Attempt> Attempts { get; init; }

    /// <summary>Gets host and port of the primary, to tell attempts apart.</summary>
    public required string PrimaryAuthority { get; init; }

    public required JournalReading PrimaryJournal { get; init; }

    public required JournalReading SecondaryJournal { get; init; }

    /// <summary>Gets the last revision of each switchover, in order, without the first choice of an active member.</summary>
    public required IReadOnlyList<SeenSwitchover> Switchovers { get; init; }
}

/// <summary>A switchover, and the number of the phase in which it was first told of.</summary>
internal sealed record SeenSwitchover(Switchover Switchover, int Phase);
