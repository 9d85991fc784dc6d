using System.Globalization;
using Failover.Leases;
using Failover.Simulation.Leases.Hosts;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Leases.Reporting;

/// <summary>What happened last to each host in a run, a line each, for people. Asks that were refused are left out. Only kept where a broken promise is told of.</summary>
internal sealed class Trace
{
    private const int MostOfOne = 10;

    private readonly Dictionary<LeaseHost, Queue<(int Order, string Text)>> _lines = [];
    private int _order;

    internal Agenda? Agenda { get; set; }

    internal IEnumerable<string> Last => _lines.Values.SelectMany(lines => lines).OrderBy(line => line.Order).Select(line => line.Text);

    internal void Add(LeaseHost host, string what)
    {
        Queue<(int Order, string Text)> lines = _lines.TryGetValue(host, out Queue<(int Order, string Text)>? known) ? known : _lines[host] = new();
        lines.Enqueue((_order++, string.Create(CultureInfo.InvariantCulture, $"{Agenda!.Now:hh\\:mm\\:ss\\.ffffff}  host-{host.Index}: {what}")));
        if (lines.Count > MostOfOne)
        {
            lines.Dequeue();
        }
    }

    internal void Add(LeaseHost host, LeaseEvent happened, Moment now)
    {
        if (happened is not (TimePassed or Asked or TakeAnswered { Answer.Grant: null }))
        {
            Add(host, $"{Of(happened)} (its clocks: {now.Elapsed.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture)} s, {now.Utc:HH:mm:ss.ffffff})");
        }
    }

    private static string Of(LeaseEvent happened) => happened switch
    {
        TakeAnswered { Answer.Grant: { } grant } => $"hears that it is granted {grant.Epoch} for {grant.Duration}",
        RenewalAnswered { Grant: { } grant } renewal => $"hears that renewal {renewal.Operation} is granted, {grant.Epoch} for {grant.Duration}",
        RenewalAnswered renewal => $"hears that there is nothing to renew (renewal {renewal.Operation})",
        CallFailed failed => $"call {failed.Operation} fails: {failed.Evidence}",
        GivenBack => "gives it back",
        _ => happened.ToString(),
    };
}
