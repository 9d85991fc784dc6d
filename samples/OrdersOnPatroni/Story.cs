using Failover;
using Failover.PostgreSql;
using Failover.TestServers.Patroni;
using Microsoft.EntityFrameworkCore;
using OrdersOnPatroni.Load;
using OrdersOnPatroni.Reports;
using OrdersOnPatroni.Shop;

namespace OrdersOnPatroni;

/// <summary>Loses the primary of the cluster twice while orders come in: once by a crash, once as planned.</summary>
internal sealed class Story(WebApplication app, PatroniCluster cluster)
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FailoverGroup _group = app.Services.GetRequiredService<FailoverDataSource>().Group;

    /// <returns>Whether every promise held.</returns>
    internal async Task<bool> PlayAsync()
    {
        await MakeTableAsync();
        await using HealthWatch health = new(app.Shop(), app.Operators());
        await using OrderLoad load = new(app.Shop());
        await using Screen screen = new(_group, cluster, load, health);
        Console.WriteLine("Shortened for this demo: Patroni gives a primary up after 5 s (default: 30 s); the check runs each 1 s, each 0.3 s while it fails (default: 10 s, 2 s).\n");
        await WaitAsync(Calm);

        PatroniNode first = await cluster.WaitForPrimaryAsync();
        Console.WriteLine($"     -- The primary, {first.Name}, crashes: kill -9 of PostgreSQL and Patroni.");
        PatroniNode second = await LostAsync(first, first.KillAsync, load);
        await WaitAsync(Calm);

        Console.WriteLine($"     -- {first.Name} is started again; it has to become a standby of {second.Name}.");
        await cluster.RestoreAsync();
        Console.WriteLine("     -- Both standbys stream. A planned switchover: patronictl would ask the same.");
        PatroniNode third = await LostAsync(second, () => cluster.RequestSwitchoverAsync(second, to: null), load);
        await WaitAsync(Calm);

        await load.EndAsync();
        await screen.EndAsync();
        Audit audit = await Audit.ReadAsync(third, [.. load.Attempts]);
        return Summary.Print(audit, load, health, screen.Switchovers);
    }

    private async Task MakeTableAsync()
    {
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<OrdersContext>().Database.EnsureCreatedAsync();
    }

    /// <summary>Lets the primary be lost, and waits until another node is it and an order was accepted on its timeline.</summary>
    private async Task<PatroniNode> LostAsync(PatroniNode primary, Func<Task> lose, OrderLoad load)
    {
        int before = load.Attempts.Max(static attempt => attempt.Timeline);
        await lose();
        using CancellationTokenSource limit = new(Patience);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(50));
        while (!load.Attempts.Any(attempt => attempt.Timeline > before))
        {
            await look.WaitForNextTickAsync(limit.Token);
        }

        return await cluster.WaitForPrimaryAsync(otherThan: primary);
    }

    private static async Task WaitAsync(TimeSpan time)
    {
        using PeriodicTimer once = new(time);
        await once.WaitForNextTickAsync();
    }
}
