using Failover.Scenarios.Faults;
using Failover.Scenarios.Health.Load;
using Failover.Scenarios.Health.Nodes;

namespace Failover.Scenarios.Health.Cases;

/// <summary>Checks throw and say what drivers do: how often does a secret leave?</summary>
internal sealed class SecretsCase : HealthCase
{
    private static readonly string[] Paths = ["/health", "/health/ready", "/health/live", "/health/startup"];

    internal override string Name => "secrets";

    internal override string About => "24 checks throw and say connection strings, tokens and addresses with passwords; read are bodies, headers and the log";

    internal override Task<IReadOnlyList<HealthRow>> RunAsync(bool isShort) => EachAsync(NodeKinds.WithChecks, isShort, async (node, row) =>
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        int checks;
        int leaked;

        // On a port of operators ours shows details, or nothing of it would prove anything. Peers have one path, which runs the checks.
        string[] paths = node.Kind == NodeKinds.Failover ? Paths : ["/health"];
        do
        {
            leaked = 0;
            foreach (int port in new[] { node.Port, node.OperatorsPort })
            {
                foreach (string path in paths)
                {
                    foreach (string accept in new[] { "*/*", "text/plain" })
                    {
                        using Connection caller = await Connection.OpenAsync(port, path, limit.Token, $"Accept: {accept}\r\n");
                        leaked += Secrets.CountIn(await caller.AskForTextAsync(limit.Token));
                    }
                }
            }

            checks = (await node.AskAsync("runs"))[0];
            await pause.WaitForNextTickAsync(limit.Token);
        }
        while (checks < Secrets.Checks().Count());

        return row with { Executions = checks, Leaked = leaked + (await node.AskAsync("leaked"))[0], LeakedToCallers = leaked };
    });

    internal override IEnumerable<Bar> Bars(IReadOnlyList<HealthRow> rows, bool isShort)
    {
        yield return new($"no secret in a body, a header or the log (was {Ours(rows).Leaked})", Ours(rows).Leaked == 0);
    }
}
