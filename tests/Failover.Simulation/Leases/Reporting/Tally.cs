using System.Globalization;
using System.Text;
using Failover.Leases;
using Failover.Simulation.Leases.Checking;

namespace Failover.Simulation.Leases.Reporting;

/// <summary>What must come about in a simulation of leases, for its promises to have been put to the test.</summary>
internal enum Sight
{
    GrantOfWhatWasFree,
    GrantOfWhatRanOut,
    GrantTooLate,
    Renewal,
    RenewalRefused,
    RenewalFailed,
    Release,
    LossByTheMonotonicClock,
    LossByTheWallClockAlone,
    LossByTheStoresWord,
    GivenBack,
    LateAnswer,
    MessageLost,
    HolderWoke,
    ActApplied,
    ActAppliedBeforeTheNextHolderActed,
    ActRefusedByToken,
    ActRefusedByLineage,
    ActRefusedByVersion,
}

/// <summary>How often each event met each phase of a lease, how often each of these came about, and how often each promise had something to judge.</summary>
internal sealed class Tally
{
    private static readonly Type[] Events = [typeof(Asked), typeof(TakeAnswered), typeof(RenewalAnswered), typeof(CallFailed), typeof(GivenBack), typeof(TimePassed)];
    private static readonly LeasePhase[] Phases = Enum.GetValues<LeasePhase>();
    private static readonly Sight[] Sights = Enum.GetValues<Sight>();

    /// <summary>Who asks has just been made, and asks once; the timer runs only while the lease is held; a renewal comes after a grant.</summary>
    private static readonly (LeasePhase, Type)[] Never = [(LeasePhase.Held, typeof(Asked)), (LeasePhase.Held, typeof(TakeAnswered)), (LeasePhase.Over, typeof(Asked)), (LeasePhase.Asking, typeof(RenewalAnswered)), (LeasePhase.Asking, typeof(TimePassed)), (LeasePhase.Over, typeof(TimePassed)), (LeasePhase.Over, typeof(GivenBack))];

    private readonly long[,] _cells = new long[Phases.Length, Events.Length];
    private readonly long[] _sights = new long[Sights.Length];
    private readonly SortedDictionary<string, long> _judged = new(StringComparer.Ordinal);

    /// <summary>All events but those of timers.</summary>
    internal long Total { get; private set; }

    internal long Ticks { get; private set; }

    internal void Count(LeasePhase phase, LeaseEvent happened)
    {
        int column = happened switch { Asked => 0, TakeAnswered => 1, RenewalAnswered => 2, CallFailed => 3, GivenBack => 4, _ => 5 };
        _cells[(int)phase, column]++;
        _ = happened is TimePassed ? Ticks++ : Total++;
    }

    internal void Saw(Sight sight) => _sights[(int)sight]++;

    internal void Saw(in LeaseSeen seen)
    {
        foreach (LeaseEffect effect in seen.Effects)
        {
            switch (effect)
            {
                case TellNotGranted { Evidence: LeaseFold.TooLate }:
                    Saw(Sight.GrantTooLate);
                    break;
                case TellNotRenewed:
                    Saw(Sight.RenewalFailed);
                    break;
                case TellOver { Evidence: LeaseFold.TimeIsOver }:
                    Saw(seen.Now.Elapsed < seen.Before.ValidUntil.Elapsed ? Sight.LossByTheWallClockAlone : Sight.LossByTheMonotonicClock);
                    break;
                case TellOver { Evidence: LeaseFold.NotOurs }:
                    Saw(Sight.LossByTheStoresWord);
                    break;
                case TellOver:
                    Saw(Sight.GivenBack);
                    break;
                default:
                    break;
            }
        }
    }

    internal void Judged(IEnumerable<LeaseInvariant> invariants)
    {
        foreach (LeaseInvariant invariant in invariants)
        {
            _judged[invariant.Name] = _judged.GetValueOrDefault(invariant.Name) + invariant.Judged;
        }
    }

    internal void Add(Tally other)
    {
        for (int i = 0; i < Phases.Length; i++)
        {
            for (int j = 0; j < Events.Length; j++)
            {
                _cells[i, j] += other._cells[i, j];
            }
        }

        for (int i = 0; i < Sights.Length; i++)
        {
            _sights[i] += other._sights[i];
        }

        foreach ((string name, long judged) in other._judged)
        {
            _judged[name] = _judged.GetValueOrDefault(name) + judged;
        }

        Total += other.Total;
        Ticks += other.Ticks;
    }

    /// <summary>What never came about, and should have.</summary>
    internal IEnumerable<string> Missing() =>
    [
        .. from phase in Phases
           from column in Enumerable.Range(0, Events.Length)
           where _cells[(int)phase, column] == 0 && !Never.Contains((phase, Events[column]))
           select $"{phase} × {Events[column].Name}",
        .. Sights.Where(sight => _sights[(int)sight] == 0).Select(sight => sight.ToString()),
        .. _judged.Where(judged => judged.Value == 0).Select(judged => judged.Key),
    ];

    /// <summary>As text; also valid Markdown.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {"event",-16} | {string.Join(" | ", Phases.Select(p => $"{p,11}"))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|:-----------------|{string.Concat(Phases.Select(_ => "------------:|"))}");
        for (int column = 0; column < Events.Length; column++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Events[column].Name,-16} | {string.Join(" | ", Phases.Select(p => $"{_cells[(int)p, column],11:N0}"))} |");
        }

        Table(text, "came about", Sights.Select(sight => (sight.ToString(), _sights[(int)sight])));
        Table(text, "judged", _judged.Select(judged => (judged.Key, judged.Value)));
        return text.ToString();
    }

    private static void Table(StringBuilder text, string of, IEnumerable<(string Name, long Count)> rows)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"| {of,-34} |       times |").AppendLine("|:-----------------------------------|------------:|");
        foreach ((string name, long count) in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name,-34} | {count,11:N0} |");
        }
    }
}
