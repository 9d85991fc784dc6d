using System.Globalization;
using Failover.TestServers.Contending;
using NightlyJob.Job;

namespace NightlyJob.Demo;

/// <summary>Stops, kills and freezes the server that the job runs on, and looks at what the ledger got.</summary>
internal sealed class Story(ActedOn ledger, Server a, Server b)
{
    /// <summary>How many acts are waited for where nothing is to happen.</summary>
    private const int Calm = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<Takeover> _takeovers = [];
    private int? _actsOfWoken;
    private bool? _isLateTaken;

    private Server Primary => ledger.Acts[^1].Holder == a.Name ? a : b;

    private Server Standby => Primary == a ? b : a;

    /// <returns>Whether every promise held.</returns>
    internal async Task<bool> PlayAsync()
    {
        Console.WriteLine("""
            Two servers of one app: a and b, each a process. The job writes five times a second.
            Shortened for this demo: a lease lasts 3 s (default: 15 s).

            """);
        try
        {
            await ActAsync();
        }
        catch (TimeoutException late)
        {
            Tell($">> {late.Message}");
        }

        return new Summary(ledger, [a, b], _takeovers, _actsOfWoken, _isLateTaken).Print();
    }

    private async Task ActAsync()
    {
        Tell($"-- a is started. This etcd is new, and may have lost leases that somebody holds: for the length of one nobody is let in.");
        a.Start();
        await ledger.ActsAfterAsync(TimeSpan.Zero, 1);
        await StartStandbyAsync(b);

        Server stopped = await LoseAsync("stopped", "kill -TERM, as systemd and Kubernetes do", static server => server.Stop());
        await stopped.EndAsync();
        await StartStandbyAsync(stopped);

        Server killed = await LoseAsync("killed", "kill -KILL", static server => server.Kill());
        await killed.EndAsync();
        await StartStandbyAsync(killed);

        Server frozen = await LoseAsync("frozen", "kill -STOP, as a paused virtual machine is", static server => server.Freeze());
        Act last = ledger.Acts.Last(act => act.Holder == frozen.Name);
        Tell($"-- {frozen.Name} is woken up: kill -CONT");
        TimeSpan woken = ledger.Now;
        frozen.Wake();
        await frozen.StandsByAsync(Primary);
        await ledger.ActsAfterAsync(ledger.Now, Calm);

        _actsOfWoken = ledger.Acts.Count(act => act.Term == last.Term && act.At > woken);
        Tell($">> It did {(_actsOfWoken == 0 ? "nothing" : $"{_actsOfWoken} acts")}, and is a standby of {Primary.Name}.");
        Tell($"-- What it did not do is done here: an act under its old token, {last.Token}.");
        await using Ledger late = new(ledger.SocketPath, $"{frozen.Name}, late");
        _isLateTaken = await late.WriteAsync(last.Lineage, last.Token);
        Tell($">> The ledger has {(_isLateTaken is true ? "taken" : "refused")} it.");
    }

    private async Task StartStandbyAsync(Server server)
    {
        Tell($"-- {server.Name} is started.");
        server.Start();
        await server.StandsByAsync(Primary);
        Tell($">> {server.Name} is a standby of {Primary.Name}, and healthy.");
        await ledger.ActsAfterAsync(ledger.Now, Calm);
    }

    /// <summary>Something happens to the primary, right after an act; waits until the other goes on. Returns the one that is lost.</summary>
    private async Task<Server> LoseAsync(string fault, string how, Action<Server> lose)
    {
        await ledger.ActsAfterAsync(ledger.Now, 1);
        (Server lost, Server other) = (Primary, Standby);
        Tell($"-- {lost.Name} is {fault}: {how}");
        TimeSpan at = ledger.Now;
        lose(lost);
        Act first = await ledger.NextHolderAsync(lost.Name, at, Patience);
        _takeovers.Add(new(lost.Name, fault, first.At - at));
        Tell($">> {other.Name} goes on after {(first.At - at).TotalMilliseconds:N0} ms, with token {first.Token}.");
        await ledger.ActsAfterAsync(ledger.Now, Calm);
        return lost;
    }

    private void Tell(FormattableString words) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ledger.Now.TotalSeconds,5:0.0} s  {words.ToString(CultureInfo.InvariantCulture)}"));
}
