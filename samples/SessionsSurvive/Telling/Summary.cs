using System.Globalization;

namespace SessionsSurvive.Telling;

/// <summary>The end of the story: the figures, and whether each promise held.</summary>
internal sealed class Summary
{
    private readonly ActFigures[] _acts;
    private readonly Ada _ada;
    private readonly Click _newcomer;
    private readonly HealthWatch _health;

    internal Summary(IReadOnlyList<Act> acts, Ada ada, Click newcomer, HealthWatch health)
    {
        _acts = [.. acts.Select((act, i) => new ActFigures(act, i + 1 < acts.Count ? acts[i + 1].Began : long.MaxValue, ada))];
        (_ada, _newcomer, _health) = (ada, newcomer, health);
    }

    /// <returns>Whether every promise held.</returns>
    internal bool Print()
    {
        Line($"");
        Line($"{"",-22}  {"master",-18}  {"clicks",6}  {"failed",6}  {"lost",4}  {"longest",8}  {"messages",8}  {"unheard",7}");
        foreach (ActFigures figures in _acts)
        {
            string moved = figures.Act.From == figures.Act.To ? figures.Act.To : $"{figures.Act.From} -> {figures.Act.To}";
            Line($"{NameOf(figures.Act.Kind),-22}  {moved,-18}  {figures.Clicks.Count,6}  {figures.Failed.Count,6}  {figures.Lost + figures.LostAtKill,4}  {figures.Longest.TotalMilliseconds,5:0} ms  {figures.Said.Count,8}  {figures.Unheard.Count,7}");
        }

        Line($"");
        foreach ((ActFigures figures, Click click) in _acts.SelectMany(static figures => figures.Failed.Select(click => (figures, click))))
        {
            Line($"A click failed ({NameOf(figures.Act.Kind)}): {click.Words}");
        }

        Line($"Messages are not kept: what is said while a node does not listen is not heard by those who are connected to it. /health said 503 to {_health.Failing} of {_health.Asked} questions.");
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
        ActFigures planned = Of(ActKind.Planned), killed = Of(ActKind.Killed), returned = Of(ActKind.Returned);
        int loggedOut = _ada.Clicks.Count(static click => click.IsLoggedOut), lost = _acts.Sum(static figures => figures.Lost);
        yield return (loggedOut == 0, $"{Ada.Name} was logged in all the time: {loggedOut} of {_ada.Clicks.Count:N0} clicks were answered by the login page.");
        yield return (planned.Failed.Count == 0, $"No click failed in the planned failover: {planned.Failed.Count} of {planned.Clicks.Count}.");
        yield return (killed.FailedLate == 0, $"After the kill no click failed that was sent when there was a new master: {killed.FailedLate}. Before, {killed.Failed.Count} did.");
        yield return (lost == 0, $"What was answered is in the session, but for what asynchronous replication loses: {lost} clicks missing, {_acts.Sum(static figures => figures.LostAtKill)} lost with the master that was killed.");
        yield return (returned.Act.From == returned.Act.To && returned.Failed.Count == 0, $"Nobody followed the one that came back empty: {returned.Failed.Count} of {returned.Clicks.Count} clicks failed, and {returned.Act.To} stayed master.");
        yield return (_newcomer.Count > _ada.Clicks.Max(static click => click.Count), $"A node that starts afterwards knows her and her session: click {_newcomer.Count?.ToString(CultureInfo.InvariantCulture) ?? _newcomer.Words}.");
        yield return (_ada.HubLosses == 0, $"Her connection for messages stayed: {_ada.HubLosses} losses.");
        int unheard = _acts.Sum(static figures => figures.UnheardAgain);
        yield return (unheard == 0 && _acts.All(static figures => figures.IsHeardAgain), $"After each failover messages came again, and each one from then on: {unheard} unheard.");
        yield return (_health.OutOfService == 0, $"Redis, which all nodes share, took this one out of service at no time: {_health.OutOfService} times /health/ready said 503.");
    }

    private ActFigures Of(ActKind kind) => _acts.Single(figures => figures.Act.Kind == kind);

    private static string NameOf(ActKind kind) => kind switch
    {
        ActKind.Planned => "planned failover",
        ActKind.Killed => "master killed",
        ActKind.Returned => "it comes back, empty",
        _ => "nothing happens",
    };

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
