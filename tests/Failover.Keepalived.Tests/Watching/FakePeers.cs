using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Failover.Keepalived.Tests.Watching;

/// <summary>A peer that says what the test wants.</summary>
internal sealed class FakePeers : IPeerClaims
{
    private ConfigurationReloadToken _news = new();
    private volatile PeerClaim? _claim;
    private int _looks;

    internal int Looks => Volatile.Read(ref _looks);

    internal TimeSpan Interval { get; private set; }

    /// <summary>What comes of asking it at once.</summary>
    internal Action? Asked { get; set; }

    public string Node => "node-a";

    /// <summary>The peer answers; null: it is not heard any more.</summary>
    internal void Say(string? value)
    {
        long answers = _claim?.Answers ?? 0;
        _claim = value is null ? new("node-b", false, false, null, answers) : new("node-b", true, true, value, answers + 1);
        Interlocked.Exchange(ref _news, new()).OnReload();
    }

    public PeerClaim? Find(string node, string claim) => (node, claim) == ("node-b", "vrrp:site") ? _claim : null;

    public void LookNow()
    {
        Interlocked.Increment(ref _looks);
        Asked?.Invoke();
    }

    public void AskEvery(TimeSpan interval) => Interval = interval;

    public IChangeToken GetChangeToken() => _news;
}
