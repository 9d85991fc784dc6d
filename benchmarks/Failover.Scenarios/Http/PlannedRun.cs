using Failover.Scenarios.Clients;
using Failover.Scenarios.Faults;

namespace Failover.Scenarios.Http;

/// <summary>A run that is to come.</summary>
internal sealed record PlannedRun(Fault Fault, int Rate, ClientKind Client, bool IsShort)
{
    /// <summary>Starting two servers and a client, and waiting for the last answers.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(2);

    /// <summary>A peer goes back to its primary within this time, and then its run ends; ours only after a hold-down.</summary>
    private static readonly TimeSpan PeerIsBack = TimeSpan.FromSeconds(6);

    internal bool IsOurs => Client is FailoverClient;

    /// <summary>About how long it takes.</summary>
    internal TimeSpan Length
    {
        get
        {
            Timeline timeline = Fault.Timeline(IsShort);
            TimeSpan after = IsOurs || timeline.After < PeerIsBack ? timeline.After : PeerIsBack;
            return timeline.Healthy + timeline.Fault + after + TimeSpan.FromMilliseconds(Fault.Work) + Around;
        }
    }

    internal static IReadOnlyList<PlannedRun> All(ScenarioOptions options) =>
    [
        .. from fault in options.Faults
           where fault.CanRunHere
           from rate in fault.Rates(options.Rates)
           from client in options.Clients ?? (fault.ComparesPeers ? ClientKinds.All : ClientKinds.OursAndBare)
           select new PlannedRun(fault, rate, client, options.IsShort),
    ];
}
