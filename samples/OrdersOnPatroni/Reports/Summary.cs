using System.Diagnostics;
using System.Globalization;
using Failover;
using OrdersOnPatroni.Load;

namespace OrdersOnPatroni.Reports;

/// <summary>The end of the story: the figures, and whether each promise held.</summary>
internal static class Summary
{
    /// <returns>Whether every promise held.</returns>
    internal static bool Print(Audit audit, OrderLoad load, HealthWatch health, IReadOnlyCollection<Switchover> switchovers)
    {
        int accepted = audit.Accepted.Count, refused = audit.Of(OrderEnd.Refused).Count;
        IReadOnlyList<OrderAttempt> unknown = audit.Of(OrderEnd.Unknown), errors = audit.Of(OrderEnd.Error);
        List<OrderAttempt> lost = [.. audit.Missing.Where(order => !audit.IsAsyncLoss(order))];
        double slowest = audit.Attempts.Max(static attempt => Stopwatch.GetElapsedTime(attempt.Started, attempt.Ended).TotalSeconds);
        Line($"");
        Line($"{audit.Attempts.Count:N0} orders sent: {accepted:N0} accepted, {refused} refused (nothing was done), {unknown.Count} unknown, {errors.Count} errors; the slowest waited {slowest:0.0} s.");
        Line($"Of those accepted, {audit.Missing.Count - lost.Count} are lost with the log that the crashed primary had not sent yet (asynchronous replication), {lost.Count} otherwise.");
        Line($"{load.Reads:N0} reads, {load.FailedReads} failed. /health said 503 to {health.Failing} of {health.Asked} questions, /health/ready to {health.OutOfService}.");
        foreach (OrderAttempt order in unknown)
        {
            Line($"Order {order.Number} is unknown to its caller; the new primary {(audit.IsThere(order) ? "has it" : "does not have it")}.");
        }

        Line($"");
        (bool Held, string Promise)[] promises =
        [
            (audit.Doubled.Count == 0, $"No order was taken twice: {audit.Doubled.Count} doubled."),
            (audit.RefusedAndTaken.Count == 0, $"What was refused was not taken: {audit.RefusedAndTaken.Count} of {refused} are there."),
            (audit.Stale.Count == 0, $"No order was taken by an old primary when there was a new one: {audit.Stale.Count}."),
            (errors.Count == 0, $"No caller saw an error of the database's own, 25006 or another: {errors.Count}{(errors.Count == 0 ? "" : $", the first: {errors[0].Words}")}."),
            (lost.Count == 0, $"What was accepted is there, but for what asynchronous replication loses: {lost.Count} missing."),
            (switchovers.Count == 2, $"One switchover for each loss of the primary: {switchovers.Count} for 2."),
            (health.OutOfService == 0, $"The loss of a database that all nodes share took this one out of service at no time: {health.OutOfService} times /health/ready said 503."),
        ];
        foreach ((bool held, string promise) in promises)
        {
            Line($"{(held ? "held  " : "BROKEN")} {promise}");
        }

        return Array.TrueForAll(promises, static promise => promise.Held);
    }

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
