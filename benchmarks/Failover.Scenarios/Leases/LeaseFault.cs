using Failover.Scenarios.Faults;
using Failover.Scenarios.Reports;
using Failover.TestServers.Contending;

namespace Failover.Scenarios.Leases;

/// <summary>Something that befalls the holder, or all arbiters.</summary>
internal abstract class LeaseFault
{
    internal static readonly IReadOnlyList<LeaseFault> All = [new Stop(), new Kill(), new Freeze(), new Away()];

    internal abstract string Name { get; }

    /// <summary>How often it happens, of a number that was asked for.</summary>
    internal virtual int Runs(int asked) => asked;

    /// <summary>Lets it happen to all.</summary>
    internal abstract Task<IReadOnlyList<LeaseRow>> RunAsync(LeaseStage stage, IReadOnlyList<LeaseContest> contests, int run, bool isShort);

    /// <summary>What must hold for ours.</summary>
    internal abstract IEnumerable<Bar> Bars(IReadOnlyList<LeaseRow> rows);

    private protected static async Task<IReadOnlyList<LeaseRow>> EachAsync(IReadOnlyList<LeaseContest> contests, Func<LeaseContest, Task<LeaseRow>> one) => await Task.WhenAll(contests.Select(contest => Task.Run(() => one(contest))));

    private protected static IEnumerable<Bar> OfEach(IReadOnlyList<LeaseRow> rows, Func<string, IReadOnlyList<LeaseRow>, IEnumerable<Bar>> bars) =>
        rows.Where(static row => row.Client.StartsWith("failover-", StringComparison.Ordinal)).GroupBy(static row => row.Client).SelectMany(group => bars(group.Key, [.. group]));

    private protected static Bar NeverTwo(string client, IReadOnlyList<LeaseRow> rows) =>
        new($"{client}: overlap 0 ms in every run ({rows.Count(static row => row.OverlapMs == 0)} of {rows.Count}, at most {Numbers.Text(rows.Max(static row => row.OverlapMs))} ms)", rows.All(static row => row.OverlapMs == 0));

    /// <summary>A holder that is asked to stop.</summary>
    private sealed class Stop : LeaseFault
    {
        internal override string Name => "stop";

        /// <summary>One after the other: what it takes is processor time, of the one that ends and of the one that begins, of which there is not enough for all at once.</summary>
        internal override async Task<IReadOnlyList<LeaseRow>> RunAsync(LeaseStage stage, IReadOnlyList<LeaseContest> contests, int run, bool isShort)
        {
            List<LeaseRow> rows = [];
            foreach (LeaseContest contest in contests)
            {
                ContenderProcess holder = await contest.ReadyAsync();
                TimeSpan at = contest.On.Now;
                holder.Terminate();
                Act? next = await contest.NextAsync(holder, at, TimeSpan.FromSeconds(20));
                await holder.EndAsync();
                await contest.BuryAsync(holder);
                rows.Add(contest.Row(Name, run, at, next));
            }

            return rows;
        }

        internal override IEnumerable<Bar> Bars(IReadOnlyList<LeaseRow> rows) => OfEach(rows, static (client, all) =>
        {
            double median = Numbers.Median([.. all.Select(static row => row.TakeoverMs ?? double.PositiveInfinity)]);
            return [NeverTwo(client, all), new($"{client}: next holder at most 100 ms after the stop, median ({Numbers.Text(median)} ms)", median <= 100, NeedsFullRun: true)];
        });
    }

    /// <summary>A holder that is killed.</summary>
    private sealed class Kill : LeaseFault
    {
        private static readonly TimeSpan Most = LeaseContest.Duration + TimeSpan.FromMilliseconds(500);

        internal override string Name => "kill";

        internal override Task<IReadOnlyList<LeaseRow>> RunAsync(LeaseStage stage, IReadOnlyList<LeaseContest> contests, int run, bool isShort) => EachAsync(contests, async contest =>
        {
            ContenderProcess holder = await contest.ReadyAsync();
            TimeSpan at = contest.On.Now;
            await holder.KillAsync();
            Act? next = await contest.NextAsync(holder, at, 5 * LeaseContest.Duration);
            await contest.BuryAsync(holder);
            return contest.Row(Name, run, at, next);
        });

        internal override IEnumerable<Bar> Bars(IReadOnlyList<LeaseRow> rows) => OfEach(rows, static (client, all) =>
        {
            double most = all.Max(static row => row.TakeoverMs ?? double.PositiveInfinity);
            return [NeverTwo(client, all), new($"{client}: next holder at most {Numbers.Text(Most.TotalMilliseconds)} ms after the kill ({Numbers.Text(most)} ms)", most <= Most.TotalMilliseconds, NeedsFullRun: true)];
        });
    }

    /// <summary>A holder that is frozen for three times its lease, and then woken up.</summary>
    private sealed class Freeze : LeaseFault
    {
        private const int Times = 20;

        internal override string Name => "freeze";

        internal override int Runs(int asked) => asked == 1 ? 1 : Times;

        internal override Task<IReadOnlyList<LeaseRow>> RunAsync(LeaseStage stage, IReadOnlyList<LeaseContest> contests, int run, bool isShort) => EachAsync(contests, async contest =>
        {
            ContenderProcess holder = await contest.ReadyAsync();
            TimeSpan at = contest.On.Now;
            holder.Freeze();
            Task frozen = Task.Delay(3 * LeaseContest.Duration);
            Act? next = await contest.NextAsync(holder, at, 3 * LeaseContest.Duration);
            await frozen;
            holder.Thaw();
            TimeSpan woken = contest.On.Now;
            next ??= await contest.NextAsync(holder, at, LeaseContest.Duration);

            // Long enough for one that does not know yet that it is over.
            await contest.On.ActsAfterAsync(woken + TimeSpan.FromSeconds(1), 1);
            return contest.Row(Name, run, at, next);
        });

        internal override IEnumerable<Bar> Bars(IReadOnlyList<LeaseRow> rows) => OfEach(rows, static (client, all) =>
        [
            NeverTwo(client, all),
            new($"{client}: no act applied under the old token ({all.Sum(static row => row.LateActs)})", all.All(static row => row.LateActs == 0)),
            new($"{client}: another took over in each ({all.Count(static row => row.TakeoverMs is not null)} of {all.Count})", all.All(static row => row.TakeoverMs is not null)),
        ]);
    }

    /// <summary>All servers that keep leases hang for five minutes.</summary>
    private sealed class Away : LeaseFault
    {
        private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
        private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);

        internal override string Name => "away";

        internal override int Runs(int asked) => 1;

        internal override async Task<IReadOnlyList<LeaseRow>> RunAsync(LeaseStage stage, IReadOnlyList<LeaseContest> contests, int run, bool isShort)
        {
            ContenderProcess[] holders = await Task.WhenAll(contests.Select(static contest => contest.ReadyAsync()));
            TimeSpan[] at = [.. contests.Select(static contest => contest.On.Now)];
            stage.Freeze();
            await Task.Delay(isShort ? Short : Long);
            TimeSpan[] until = [.. contests.Select(static contest => contest.On.Now)];
            bool[] moved = [.. contests.Select((contest, i) => contest.On.Acts.Any(act => act.At > at[i] && act.Holder != holders[i].Holder))];
            string?[] during = [.. contests.Select(static contest => contest.Client.IsOurs ? Health(contest) : null)];
            stage.Thaw();
            List<LeaseRow> rows = [];
            for (int i = 0; i < contests.Count; i++)
            {
                Act? next = null;
                try
                {
                    next = (await contests[i].On.ActsAfterAsync(until[i], 1))[0];
                }
                catch (TimeoutException)
                {
                    // Told as «never».
                }

                string? after = contests[i].Client.IsOurs ? await HealthyAgainAsync(contests[i]) : null;
                rows.Add(contests[i].Row(Name, run, until[i], next, at[i]) with { HasMoved = moved[i], Health = during[i] is null ? null : $"{during[i]}, then {after}" });
            }

            return rows;
        }

        internal override IEnumerable<Bar> Bars(IReadOnlyList<LeaseRow> rows) => OfEach(rows, static (client, all) =>
        [
            new($"{client}: nothing moves while the arbiter is away ({(all.Any(static row => row.HasMoved) ? "it moved" : "nothing")})", !all.Any(static row => row.HasMoved)),
            new($"{client}: health is degraded meanwhile, and healthy again by itself ({all[0].Health})", all.All(static row => row.Health == "Degraded, then Healthy")),
            new($"{client}: somebody acts again by itself (after {Numbers.Text(all[0].TakeoverMs ?? double.PositiveInfinity)} ms)", all.All(static row => row.TakeoverMs is not null)),
            NeverTwo(client, all),
        ]);

        /// <summary>The best that any of them says, which is what all must be below.</summary>
        private static string Health(LeaseContest contest)
        {
            string[] said = [.. contest.Contenders.Select(LastHealth).Distinct()];
            return said.Length == 1 ? said[0] : string.Join(" and ", said.Order());
        }

        private static async Task<string> HealthyAgainAsync(LeaseContest contest)
        {
            using PeriodicTimer look = new(TimeSpan.FromMilliseconds(100));
            for (int i = 0; i < 300 && Health(contest) != "Healthy"; i++)
            {
                await look.WaitForNextTickAsync();
            }

            return Health(contest);
        }

        private static string LastHealth(ContenderProcess contender) => contender.Output.LastOrDefault(static line => line.StartsWith("health ", StringComparison.Ordinal))?[7..] ?? "unknown";
    }
}
