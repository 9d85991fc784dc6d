using System.Globalization;
using Failover;
using Failover.DnsSwitching;
using Failover.TestServers.Dns;

namespace DnsPair.Demo;

/// <summary>What happens, in order, and whether every promise held.</summary>
internal sealed class Story(Clock clock, IServiceProvider keeper, BindServer bind, WebServer a, WebServer b, Caller following, Caller usual)
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(2);

    private FailoverGroup Group => keeper.GetRequiredKeyedService<DnsSwitch>("site").Group;

    internal async Task<bool> PlayAsync()
    {
        await Group.WaitForActiveAsync(CancellationToken.None);
        using CancellationTokenSource stop = new();
        Task running = Task.WhenAll(following.RunAsync(stop.Token), usual.RunAsync(stop.Token), TellAsync(stop.Token));
        await following.AnsweredByAsync(a.Name, TimeSpan.Zero);
        Begin("nothing happens");
        await Task.Delay(Steady);

        TimeSpan killed = Begin("server-a is killed");
        await a.KillAsync();
        Call first = await following.AnsweredByAsync(b.Name, killed);
        clock.Say(Seconds($">> the client that follows is answered by server-b", first.Begun - killed));
        await usual.AnsweredByAsync(b.Name, killed);
        await Task.Delay(Steady);

        Begin("server-a is started again");
        await a.StartAsync();
        await UntilHealthyAsync(a.Name);
        await RestedAsync();

        TimeSpan asked = Begin("switchback: SwitchToAsync(\"server-a\")");
        Switchover back = await Group.SwitchToAsync("server-a", CancellationToken.None);
        Call second = await following.AnsweredByAsync(a.Name, asked);
        clock.Say(Seconds(">> the client that follows is answered by server-a", second.Begun - asked));
        await Task.Delay(Steady);

        TimeSpan end = clock.Now;
        await stop.CancelAsync();
        await running;
        return await SumUpAsync(killed, first, asked, second, end, back);
    }

    private static string Seconds(string what, TimeSpan after) => string.Create(CultureInfo.InvariantCulture, $"{what} after {after.TotalSeconds:0.00} s");

    private TimeSpan Begin(string act)
    {
        clock.Say($"-- {act}");
        return clock.Now;
    }

    private async Task UntilHealthyAsync(string server)
    {
        await Until.SoAsync(() => Group.Snapshot.Members.Single(member => member.Member.Name == server).Verdict == Verdict.Healthy, $"{server} did not become healthy.");
    }

    /// <summary>Until the record of the failover has all its times.</summary>
    private async Task RestedAsync()
    {
        await Until.SoAsync(() => Group.Snapshot.LastSwitchover is { IsFinal: true }, "The record of the failover did not get its last time.");
    }

    private async Task TellAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
        TimeSpan before = clock.Now;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            TimeSpan now = clock.Now;
            string[] name = await bind.DigAsync(Rehearsal.Shop, "A");
            clock.Say($"{Rehearsal.Shop} is {string.Join(", ", name)} | {Told(following, before, now)} | {Told(usual, before, now)}");
            before = now;
        }
    }

    private static string Told(Caller caller, TimeSpan from, TimeSpan to)
    {
        Call[] calls = [.. caller.Calls.Where(call => call.Begun >= from && call.Begun < to)];
        return $"{caller.Name}: server-a {calls.Count(static call => call.Server == "server-a"),2}  server-b {calls.Count(static call => call.Server == "server-b"),2}  failed {calls.Count(static call => call.Server is null),2}";
    }

    private async Task<bool> SumUpAsync(TimeSpan killed, Call first, TimeSpan asked, Call second, TimeSpan end, Switchover back)
    {
        string[] moves = await bind.GivenAsync(Rehearsal.Shop);
        Call[] calls = [.. following.Calls];
        int lost = calls.Count(call => call.Server is null && call.Begun >= killed && call.Begun <= first.Begun);
        int failed = calls.Count(static call => call.Server is null) - lost;
        int left = calls.Count(call => call.Begun > second.Begun && call.Server != "server-a") + calls.Count(call => call.Begun > first.Begun && call.Begun < asked && call.Server != "server-b");
        Call[] stayed = [.. usual.Calls.Where(call => call.Begun > second.Begun && call.Begun < end)];
        Console.WriteLine();
        Console.WriteLine($"The client that follows: {calls.Length} calls, {lost} to the dead server before the name was moved and seen.");
        Console.WriteLine($"The client as usual, after the switchback: {stayed.Count(static call => call.Server == "server-b")} of {stayed.Length} calls at server-b still.");
        Console.WriteLine();
        (bool Held, string Promise)[] promises =
        [
            (moves is ["A 127.0.0.1", "A 127.0.0.2", "A 127.0.0.1"], $"The journal of the name server shows one move for the failure and one for the switchback: {string.Join(", ", moves)}."),
            (failed == 0, $"No call of the client that follows failed but those to the dead server: {failed} of {calls.Length}."),
            (left == 0, $"After each move it was answered by the server that the name names, and by no other: {left} calls elsewhere."),
            (back is { Outcome: SwitchoverOutcome.Completed, Visible: not null, LeaseToken: not null }, "The switchback was made under a lease, read back, and seen at both name servers."),
        ];
        foreach ((bool held, string promise) in promises)
        {
            Console.WriteLine($"{(held ? "held  " : "BROKEN")} {promise}");
        }

        return promises.All(static promise => promise.Held);
    }
}
