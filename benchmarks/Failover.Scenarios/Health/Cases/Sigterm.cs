using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Health.Load;
using Failover.Scenarios.Health.Nodes;

namespace Failover.Scenarios.Health.Cases;

/// <summary>The node is told to end, as at each deployment: what does a prober see that connects anew each time?</summary>
internal sealed class Sigterm : HealthCase
{
    private const double First503 = 100;

    internal override string Name => "sigterm";

    internal override string About => "SIGTERM; a prober connects anew each 10 ms until it is refused (ours holds for 5 s, its default)";

    internal override bool CanRunHere => !OperatingSystem.IsWindows();

    internal override Task<IReadOnlyList<HealthRow>> RunAsync(bool isShort) => EachAsync([NodeKinds.Failover, NodeKinds.Stock], isShort, MeasureAsync);

    internal override IEnumerable<Bar> Bars(IReadOnlyList<HealthRow> rows, bool isShort)
    {
        HealthRow ours = Ours(rows);
        double hold = isShort ? 1000 : 5000;
        yield return new(string.Create(CultureInfo.InvariantCulture, $"503 within {First503:N0} ms of SIGTERM (after {ours.First503Ms:N0} ms)"), ours.First503Ms <= First503, NeedsFullRun: true);
        yield return new(string.Create(CultureInfo.InvariantCulture, $"503 for the whole drain time of {hold / 1000:N0} s (for {ours.Served503Ms:N0} ms, with {ours.OkAfter503} × 200 in between)"), ours.Served503Ms >= hold * 0.95 && ours.OkAfter503 == 0);
    }

    private static async Task<HealthRow> MeasureAsync(NodeProcess node, HealthRow row)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(10));
        for (int warm = 0; warm < 50;)
        {
            warm += await ProbeAsync(node.Port, limit.Token) == 200 ? 1 : 0;
            await pause.WaitForNextTickAsync(limit.Token);
        }

        long sent = node.Terminate();
        double? first = null;
        double? last = null;
        int okAfter = 0;
        int? status = null;
        while (await ProbeAsync(node.Port, limit.Token) is { } answered)
        {
            status = answered;
            double now = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
            if (answered == 503)
            {
                first ??= now;
                last = now;
            }
            else
            {
                okAfter += first is null ? 0 : 1;
            }

            await pause.WaitForNextTickAsync(limit.Token);
        }

        return row with { Status = status, First503Ms = first, Served503Ms = last - first, RefusedMs = Stopwatch.GetElapsedTime(sent).TotalMilliseconds, OkAfter503 = okAfter };
    }

    /// <returns>The status; null if there was no answer.</returns>
    private static async Task<int?> ProbeAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using Connection connection = await Connection.OpenAsync(port, "/health", cancellationToken);
            return await connection.AskAsync(cancellationToken);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
