using Failover.Scenarios.Attempts;
using Failover.Scenarios.Clients;
using Failover.Scenarios.Faults;
using Failover.Scenarios.Load;
using Failover.Scenarios.Servers;

namespace Failover.Scenarios.Http;

/// <summary>What one run left behind.</summary>
internal sealed class HttpRun
{
    internal const string PrimaryName = "primary";

    private const string SecondaryName = "secondary";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

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
            OpenLoad load = new(underTest.Client, kind.Method, kind.RateOf(rate));
            load.Start();
            await Task.Delay(timeline.Healthy);
            FaultRun fault = await kind.RunAsync(primary, timeline.Fault);
            await Task.Delay(timeline.After);
            IReadOnlyCollection<Call> calls = await load.StopAsync(Patience);
            return new()
            {
                Kind = kind,
                Rate = kind.RateOf(rate),
                Client = client.Name,
                Primary = primary.Address,
                Fault = fault,
                Calls = calls,
                Log = backends.Log,
                PrimaryJournal = new(primary.JournalPath),
                SecondaryJournal = new(secondary.JournalPath),
                Switchovers = underTest.Switchovers,
            };
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
