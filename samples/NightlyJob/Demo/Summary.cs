using System.Globalization;
using Failover.TestServers.Contending;

namespace NightlyJob.Demo;

/// <summary>The end of the story: who acted when, by the ledger's own clock, and whether each promise held.</summary>
internal sealed class Summary(ActedOn ledger, IReadOnlyList<Server> servers, IReadOnlyList<Takeover> takeovers, int? actsOfWoken, bool? isLateTaken)
{
    private const int Faults = 3;

    private readonly IReadOnlyList<Act> _acts = ledger.Acts;
    private readonly IReadOnlyList<IReadOnlyList<Act>> _terms = ledger.Terms;

    /// <summary>The terms, but for the late act, which no server did.</summary>
    private IReadOnlyList<IReadOnlyList<Act>> Terms => [.. _terms.Where(acts => servers.Any(server => server.Name == acts[0].Holder))];

    /// <returns>Whether every promise held.</returns>
    internal bool Print()
    {
        Line($"");
        Line($"{"primary",-10}{"token",7}{"first act",12}{"last act",12}{"applied",10}{"refused",10}{"overlap",10}");
        foreach (IReadOnlyList<Act> acts in _terms)
        {
            int applied = acts.Count(static act => act.IsApplied);
            Line($"{acts[0].Holder,-10}{acts[0].Token,7}{acts[0].At.TotalSeconds,10:0.00} s{acts[^1].At.TotalSeconds,10:0.00} s{applied,10}{acts.Count - applied,10}{OverlapOf(acts).TotalMilliseconds,7:0} ms");
        }

        Line($"");
        (bool Held, string Promise)[] promises = [.. Promises()];
        foreach ((bool held, string promise) in promises)
        {
            Line($"{(held ? "held  " : "BROKEN")} {promise}");
        }

        return Array.TrueForAll(promises, static promise => promise.Held);
    }

    private IEnumerable<(bool Held, string Promise)> Promises()
    {
        IReadOnlyList<IReadOnlyList<Act>> terms = Terms;
        TimeSpan overlap = terms.Select(OverlapOf).Append(TimeSpan.Zero).Max();
        yield return (takeovers.Count == Faults, $"The other went on each time, {takeovers.Count} of {Faults}: {string.Join(", ", takeovers.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Time.TotalMilliseconds:N0} ms after {one.From} was {one.Fault}")))}.");
        yield return (overlap == TimeSpan.Zero, $"Never two at a time: {terms.Count} primaries one after another, {overlap.TotalMilliseconds:0} ms of overlap.");
        yield return (terms.Zip(terms.Skip(1)).All(static pair => pair.First[0].Token < pair.Second[0].Token), $"Tokens only grow: {string.Join(" < ", terms.Select(static term => term[0].Token))}.");
        yield return (actsOfWoken == 0, $"The one that was frozen did nothing when it woke up: {actsOfWoken?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} acts.");
        int stale = _acts.Where((act, i) => act.IsApplied && _acts.Take(i).Any(earlier => earlier.Token > act.Token)).Count();
        yield return (isLateTaken is false && stale == 0, $"Nothing was taken under an old token: {stale} of {_acts.Count} acts, and the late one was {isLateTaken switch { true => "taken", false => "refused", null => "not sent" }}.");
        yield return (servers.All(static server => server is { WasHealthyPrimary: true, WasHealthyStandby: true }), $"A standby is as healthy as a primary, by the health check of each.");
    }

    /// <summary>For how long a term went on when a later one had begun, by what came in, taken or not.</summary>
    private TimeSpan OverlapOf(IReadOnlyList<Act> acts) =>
        Terms.Where(later => later[0].At > acts[0].At).Select(later => acts[^1].At - later[0].At).Append(TimeSpan.Zero).Max();

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
