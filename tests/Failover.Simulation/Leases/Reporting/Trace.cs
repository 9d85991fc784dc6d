using System.Globalization;
using Failover.Leases;
using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Leases.Reporting;

/// <summary>What happened in a run, a line each, for people. Only kept where a broken promise is told of.</summary>
internal sealed class Trace
{
    private const int Most = 60;

    private readonly Queue<string> _lines = new();

    internal Agenda? Agenda { get; set; }

    internal IEnumerable<string> Last => _lines;

    internal void Add(string what)
    {
        _lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{Agenda!.Now:hh\\:mm\\:ss\\.ffffff}  {what}"));
        if (_lines.Count > Most)
        {
            _lines.Dequeue();
        }
    }

    internal void Add(LeaseHost host, string what) => Add($"host-{host.Index}: {what}");

    internal void Add(LeaseHost host, LeaseEvent happened, Moment now)
    {
        if (happened is not TimePassed)
        {
            Add(host, $"{Of(happened)} (its clocks: {now.Elapsed.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture)} s, {now.Utc:HH:mm:ss.ffffff})");
        }
    }

    private static string Of(LeaseEvent happened) => happened switch
    {
        Asked => "asks",
        TakeAnswered { Answer.Grant: { } grant } => $"hears that it is granted {grant.Epoch} for {grant.Duration}",
        TakeAnswered { Answer: var answer } => $"hears that {answer.Holder ?? "another"} holds it",
        RenewalAnswered { Grant: { } grant } renewal => $"hears that renewal {renewal.Operation} is granted, {grant.Epoch} for {grant.Duration}",
        RenewalAnswered renewal => $"hears that there is nothing to renew (renewal {renewal.Operation})",
        CallFailed failed => $"call {failed.Operation} fails: {failed.Evidence}",
        GivenBack => "gives it back",
        _ => happened.ToString(),
    };
}
