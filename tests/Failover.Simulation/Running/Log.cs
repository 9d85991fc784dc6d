using Failover.Engine;
using Failover.Simulation.Checking;
using Failover.Simulation.Hosts;
using Failover.Simulation.Reporting;

namespace Failover.Simulation.Running;

/// <summary>Writes down what the engine of each host was fed, counts it, and has it checked.</summary>
internal sealed class Log
{
    private readonly Dictionary<Checker, Recording> _recordings = [];

    internal CellTable Cells { get; } = new();

    /// <summary>The recording of the host that was fed last.</summary>
    internal Recording? Last { get; private set; }

    /// <summary>A host begins a life.</summary>
    internal Checker Begin(Host host, Beginning beginning, Step first)
    {
        if (host.Life > 1)
        {
            _recordings.Remove(host.Checker);
        }

        Checker checker = new(beginning, first);
        _recordings[checker] = new(beginning, []);
        return checker;
    }

    internal Step Apply(IFold fold, Checker checker, GroupState before, GroupEvent happened, Moment now)
    {
        Cells.Count(before.Condition, happened);
        Last = _recordings[checker];
        Last.Add(before, happened, now);
        return Checker.Guard(() => fold.Apply(before, happened, now));
    }
}
