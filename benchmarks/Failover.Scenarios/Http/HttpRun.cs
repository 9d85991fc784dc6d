using System.Diagnostics;
using Failover.Scenarios.Attempts;
using Failover.Scenarios.Clients;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Load;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Http;

/// <summary>What one run left behind.</summary>
internal sealed record HttpRun
{
    internal const string PrimaryName = "primary";

    private const string SecondaryName = "secondary";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>How long a run goes on once the primary serves again: what goes wrong after a switchback is to be seen.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    internal required Fault Kind { get; init; }

    internal required int Rate { get; init; }

    internal required string Client { get; init; }

    internal required Uri Primary { get; init; }

    internal required FaultRun Fault { get; init; }

    internal required IReadOnlyCollection<Call> Calls { get; init; }

    internal required AttemptLog Log { get; init; }

    internal required JournalReading PrimaryJournal { get; init; }

    internal required JournalReading SecondaryJournal { get; init; }

    internal required int? Switchovers { get; init; }

    internal required int? Refused { get; init; }

    /// <summary>Starts two servers and a client, sends the load, and lets the fault happen.</summary>
    internal static async Task<HttpRun> RunAsync(Fault kind, ClientKind client, int rate, bool isShort)
    {
        string directory = Directory.CreateTempSubdirectory("failover-scenarios-").FullName;
        try
        {
            await using BackendProcess primary = await BackendProcess.StartAsync(PrimaryName, directory, kind.Work);
            await using BackendProcess secondary = await BackendProcess.StartAsync(SecondaryName, directory, kind.Work);
            Backends backends = new(primary.Address, secondary.Address);
            await using ClientUnderTest underTest = ClientUnderTest.Create(client, backends);

            Timeline timeline = kind.Timeline(isShort);
            OpenLoad load = new(underTest.Client, kind.Method, rate);
            load.Start();
            await Task.Delay(timeline.Healthy);
            FaultRun fault = await kind.RunAsync(primary, timeline.Fault);
            await WatchAsync(load, fault, timeline.After);
            IReadOnlyCollection<Call> calls = await load.StopAsync(Patience);
            return new()
            {
                Kind = kind,
                Rate = rate,
                Client = client.Name,
                Primary = primary.Address,
                Fault = fault,
                Calls = calls,
                Log = backends.Log,
                PrimaryJournal = new(primary.JournalPath),
                SecondaryJournal = new(secondary.JournalPath),
                Switchovers = underTest.Switchovers,
                Refused = underTest.Refused,
            };
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task WatchAsync(OpenLoad load, FaultRun fault, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < limit && (fault.Dead.Count == 0 || !load.HasAnswered(PrimaryName, fault.Whole.To)))
        {
            await Task.Delay(100);
        }

        TimeSpan left = limit - Stopwatch.GetElapsedTime(start);
        await Task.Delay(left < TimeSpan.Zero ? TimeSpan.Zero : left < Settled ? left : Settled);
    }
}
