using System.Globalization;
using Failover.Keepalived.Publishing;
using Failover.Keepalived.Sites;
using Failover.Keepalived.Tests.Watching;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Failover.Keepalived.Tests.Sites;

/// <summary>A site that runs, of a node that is fit and preferred, with a keepalived, a peer and a clock of the test's own. Its address is one that each machine has.</summary>
internal sealed class RunningSite : IAsyncDisposable
{
    private readonly CreditFile _credit;

    internal RunningSite(string address = "127.0.0.1")
    {
        KeepalivedOptions options = new() { Address = address, Node = "node-a", Peer = "node-b", Fifo = Keepalived.Path, CreditFile = $"{Keepalived.Path}.credit" };
        _credit = new(options.CreditFile);
        Keepalived.Start();
        Run = new("site", options, new SiteParts
        {
            Health = new FakeHealth(),
            Peers = Peers,
            Foreign = new FakeForeign(),
            Fifos = new(),
            Arbiter = null,
            Group = static () => new GroupOptions(),
            IsPinned = static () => false,
            Time = Time,
            Logger = Logger,
        });
        Run.Start();
    }

    internal FakeKeepalived Keepalived { get; } = new();

    internal FakePeers Peers { get; } = new();

    internal FakeTimeProvider Time { get; } = new();

    internal FakeLogger Logger { get; } = new();

    internal SiteRun Run { get; }

    public async ValueTask DisposeAsync()
    {
        await Run.DisposeAsync();
        Keepalived.Dispose();
    }

    /// <summary>Has keepalived count what the app writes, in a role, until it is a credit.</summary>
    internal Task CountsAsync(string role, Credit credit)
    {
        int counted = 0;
        return Until.SoAsync(
            () =>
            {
                if (_credit.Read() is { } value && value != counted)
                {
                    counted = value;
                    Keepalived.Write(string.Create(CultureInfo.InvariantCulture, $"{role}_PRIORITY {50 + value}"));
                }

                return Run.Snapshot is { IsAcknowledged: true } told && told.Credit == credit;
            },
            () => $"{credit} to be counted; it is {Run.Snapshot}");
    }

    /// <summary>Waits until it says that something is wrong, or that nothing is.</summary>
    internal Task ProblemAsync(string? begin) => Until.SoAsync(
        () => begin is null ? Run.Snapshot.Problem is null : Run.Snapshot.Problem?.StartsWith(begin, StringComparison.Ordinal) == true,
        () => $"{begin ?? "nothing"} to be told; it is {Run.Snapshot.Problem}");
}
