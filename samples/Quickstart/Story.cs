using System.Globalization;
using Failover;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quickstart.Load;
using Quickstart.Reports;
using Quickstart.Servers;

namespace Quickstart;

/// <summary>Two servers, steady traffic, and a primary that is killed, answers 503, is frozen and flaps, and is put right each time.</summary>
internal sealed class Story(StoryOptions options, Screen screen, OrderServerProcess primary, OrderServerProcess secondary)
{
    /// <summary>How long a switchback may take before the story goes on without it, and says so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly LoadLog _log = new();
    private readonly List<PhaseTime> _played = [];
    private readonly Dictionary<Guid, SeenSwitchover> _switchovers = [];
    private FailoverGroup? _group;
    private TimeSpan _faultComplete;

    private Phase[] Phases => field ??= [.. Acts()];

    internal async Task<Report> PlayAsync()
    {
        await primary.StartAsync(CancellationToken.None);
        await secondary.StartAsync(CancellationToken.None);

        using IHost host = OrdersHost.Build(options, primary, secondary, _log);
        await host.StartAsync();
        CancellationToken interrupted = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        _group = host.Services.GetRequiredKeyedService<FailoverGroup>("orders");
        await WaitForPrimaryAsync(interrupted);
        Introduce();

        using var end = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        var orders = new OrderLoad(host.Services.GetRequiredService<IHttpClientFactory>(), _log);
        Task load = Task.Run(() => orders.RunAsync(end.Token), CancellationToken.None);
        Task telling = TellSwitchoversAsync(_group.ReadSwitchoversAsync(end.Token));
        Task line = TellEachSecondAsync(end.Token);
        try
        {
            await PlayPhasesAsync(interrupted);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(load, telling, line).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            screen.EndLive();
            await host.StopAsync(CancellationToken.None);
        }

        await load;
        return Reporting.Of(GatherFacts());
    }

    /// <summary>A new fault is two lines here: what happens, and how it is put right.</summary>
    private IEnumerable<Phase> Acts()
    {
        yield return new("healthy", Fault.None, stop => Task.Delay(options.Calm, stop));

        yield return new("primary killed", Fault.Killed, stop => LastAsync(primary.KillAsync, stop));
        yield return new("primary restarted", Fault.None, stop => PutRightAsync(primary.StartAsync, stop));

        yield return new("primary answers 503", Fault.Refusing, stop => LastAsync(primary.RefuseAsync, stop));
        yield return new("primary healed", Fault.None, stop => PutRightAsync(primary.ServeAsync, stop));

        if (OrderServerProcess.CanFreeze)
        {
            yield return new("primary frozen", Fault.Frozen, stop => LastAsync(primary.FreezeAsync, stop));
            yield return new("primary thawed", Fault.None, stop => PutRightAsync(primary.ThawAsync, stop));
        }

        yield return new("primary flaps", Fault.Flapping, FlapAsync);
        yield return new("primary steady", Fault.None, stop => PutRightAsync(primary.ServeAsync, stop));
    }

    private async Task PlayPhasesAsync(CancellationToken stop)
    {
        for (int i = 0; i < Phases.Length; i++)
        {
            TimeSpan began = _log.Now;
            _faultComplete = began;
            _log.Phase = i;
            await Phases[i].PlayAsync(stop);
            _played.Add(new(Phases[i].Name, Phases[i].Fault, began, _faultComplete, _log.Now));
        }
    }

    private async Task LastAsync(Func<CancellationToken, Task> fault, CancellationToken stop)
    {
        await fault(stop);
        _faultComplete = _log.Now;
        await Task.Delay(options.Faulty, stop);
    }

    /// <summary>Down and up again, and never up for long enough to be trusted: the group must see each time down, and no time up may last as long as the hold-down.</summary>
    private async Task FlapAsync(CancellationToken stop)
    {
        for (int i = 0; i < options.Flaps; i++)
        {
            await primary.RefuseAsync(stop);
            await Task.Delay(options.Flap, stop);
            await WaitForRefusedProbeAsync(stop);
            await primary.ServeForAsync(options.LongestUp, stop);
            await Task.Delay(options.Flap, stop);
        }
    }

    /// <summary>A time down that falls between two probes is none to the group, which sends the server nothing else.</summary>
    private async Task WaitForRefusedProbeAsync(CancellationToken stop)
    {
        TimeSpan limit = _log.Now + Patience;
        while (_log.Now < limit && JournalReading.Read(primary.JournalPath).Spans[^1].Probes == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), stop);
        }
    }

    private async Task PutRightAsync(Func<CancellationToken, Task> repair, CancellationToken stop)
    {
        await repair(stop);
        await WaitForPrimaryAsync(stop);
        await Task.Delay(options.Calm, stop);
    }

    private async Task WaitForPrimaryAsync(CancellationToken stop)
    {
        TimeSpan limit = _log.Now + Patience;
        while (_log.Now < limit && _group!.Snapshot.Active?.Address != primary.Address)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), stop);
        }
    }

    private void Introduce()
    {
        foreach (OrderServerProcess server in (OrderServerProcess[])[primary, secondary])
        {
            screen.Write($"{server.Name,-9} {server.Address.GetLeftPart(UriPartial.Authority)}, process {server.ProcessId}");
        }

        screen.Write($"{OrderLoad.GetsPerSecond} GETs and {OrderLoad.PostsPerSecond} POSTs a second go to {(options.WithoutFailover ? "the primary: this HttpClient does without failover" : "the active one, through one HttpClient")}.");
        screen.Write($"Shortened for this demo: hold-down before a switchback {Seconds(options.HoldDown)} s each time (default: 30 s, doubled with each failure soon after another); a dead server is probed each {Seconds(options.ProbeInterval)} s (default: up to 10 s apart).");
        if (!OrderServerProcess.CanFreeze)
        {
            screen.Write("Left out on this system: the primary that freezes. It needs Linux.");
        }

        screen.Write("");
    }

    private async Task TellSwitchoversAsync(IAsyncEnumerable<Switchover> switchovers)
    {
        await foreach (Switchover switchover in switchovers)
        {
            int phase = _switchovers.TryGetValue(switchover.Id, out SeenSwitchover? before) ? before.Phase : _log.Phase;
            _switchovers[switchover.Id] = new(switchover, phase);
            if (switchover.IsFinal)
            {
                screen.Write($"     >> {switchover.Cause}: {switchover.From?.Name} -> {switchover.To.Name}"
                    + (switchover.DetectionTime is null ? "" : $"; detected in {Table.Milliseconds(switchover.DetectionTime?.TotalMilliseconds)}, switched in {Table.Milliseconds(switchover.SwitchTime?.TotalMilliseconds)}, recovered in {Table.Milliseconds(switchover.RecoveryTime?.TotalMilliseconds)}")
                    + (switchover.Evidence is null ? "" : $" ({switchover.Evidence})"));
            }
        }
    }

    private async Task TellEachSecondAsync(CancellationToken stop)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        TimeSpan from = _log.Now;
        for (int s = 1; await second.WaitForNextTickAsync(stop); s++)
        {
            TimeSpan to = _log.Now;
            List<Call> ended = [.. _log.Calls.Where(c => c.End != CallEnd.Waiting && c.Ended > from && c.Ended <= to)];
            int failed = ended.Count(c => c.End == CallEnd.Failed);
            int refused = ended.Count(c => c.End == CallEnd.Refused);
            int unknown = ended.Count(c => c.End == CallEnd.Unknown);
            double rate = ended.Count / (to - from).TotalSeconds;
            screen.WriteLive(string.Create(CultureInfo.InvariantCulture, $"{s,3} s  {Phases[_log.Phase].Name,-20} active: {_group!.Snapshot.Active?.Name ?? "none",-10} {rate,4:0} req/s  {failed} failed")
                + (refused > 0 ? $"  {Posts(refused)} refused" : "") + (unknown > 0 ? $"  {Posts(unknown)} unknown" : ""));
            from = to;
        }
    }

    private Facts GatherFacts() => new()
    {
        Phases = _played,
        Calls = [.. _log.Calls],
        Attempts = [.. _log.Attempts],
        PrimaryAuthority = primary.Address.Authority,
        PrimaryJournal = JournalReading.Read(primary.JournalPath),
        SecondaryJournal = JournalReading.Read(secondary.JournalPath),
        Switchovers = [.. _switchovers.Values.Where(seen => seen.Switchover.Cause != SwitchoverCause.Initial)],
    };

    private static string Posts(int count) => count == 1 ? "1 POST" : $"{count} POSTs";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.##", CultureInfo.InvariantCulture);
}
