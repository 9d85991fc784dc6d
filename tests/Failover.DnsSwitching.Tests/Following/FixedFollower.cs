using System.Net;

namespace Failover.DnsSwitching.Tests.Following;

/// <summary>A follower that says what the test wants, and asks nobody.</summary>
internal sealed class FixedFollower : INameFollower
{
    internal IPAddress[] Addresses { get; set; } = [];

    internal INamePoolMover? Mover { get; private set; }

    internal List<IPAddress?> Failed { get; } = [];

    public IDisposable Follow(INamePoolMover mover)
    {
        Mover = mover;
        return new MemoryStream();
    }

    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken) => new(Addresses);

    public void ConnectFailed(string name, IPAddress? address) => Failed.Add(address);
}
