using Failover.Keepalived.Sites;
using Failover.Keepalived.Watching;

namespace Failover.Keepalived.Tests.Watching;

/// <summary>Tells a story to the fold: what happens, and how much time passes. It looks again when the fold asks for it, as the observer does.</summary>
internal sealed class Watched
{
    internal static readonly VrrpNames Names = new("VI_1", "10.77.0.100", "/run/failover/vrrp.fifo", "node-b");

    private TimeSpan _now;
    private long _answers;

    internal VrrpState State { get; private set; } = new();

    internal VrrpView View => State.View;

    /// <summary>Each standing that was ever told, in order.</summary>
    internal List<VrrpStanding> Standings { get; } = [VrrpStanding.Unknown];

    /// <summary>A node whose keepalived was started while it was watched, and has taken the address.</summary>
    internal static Watched Master() => new Watched().Owns(false).Attaches().Says("BACKUP 50", "MASTER 250").Owns(true);

    internal static Watched Backup() => new Watched().Owns(false).Attaches().Says("BACKUP 50");

    internal Watched Attaches() => Apply(new Attached());

    internal Watched Detaches() => Apply(new Detached());

    internal Watched CannotRead(string why, bool isMissing = false) => Apply(new Unreadable(why, isMissing));

    internal Watched Owns(bool owns) => Apply(new OwnershipSeen(owns));

    internal Watched SeesAnother(bool sees) => Apply(new ForeignSeen(sees));

    /// <summary>Lines of the instance, one after the other.</summary>
    internal Watched Says(params string[] words)
    {
        foreach (string word in words)
        {
            Apply(new Told([Line($"INSTANCE \"VI_1\" {word}")], false));
        }

        return this;
    }

    internal Watched SaysLine(string line) => Apply(new Told([Line(line)], false));

    /// <summary>Lines that had waited.</summary>
    internal Watched HadSaid(params string[] words) => Apply(new Told([.. words.Select(static word => Line($"INSTANCE \"VI_1\" {word}"))], true));

    /// <summary>Another answer of the peer.</summary>
    internal Watched PeerIs(VrrpRole role, Credit credit = Credit.Ready, bool canServe = true) => Apply(new PeerHeard(new(new(role, credit), canServe, ++_answers)));

    internal Watched PeerIsSilent() => Apply(new PeerHeard(null));

    internal Watched After(double milliseconds)
    {
        TimeSpan end = _now + TimeSpan.FromMilliseconds(milliseconds);
        while (State.NextLook is { } next && next <= end)
        {
            Assert.True(next > _now, "It asks for a look in the past.");
            _now = next;
            Apply(new Ticked());
        }

        _now = end;
        return Apply(new Ticked());
    }

    private static FifoLine Line(string text) => FifoLine.Read(System.Text.Encoding.UTF8.GetBytes(text)) ?? throw new ArgumentException(text);

    private Watched Apply(VrrpEvent happened)
    {
        State = VrrpFold.Apply(State, happened, Names, _now);
        if (View.Standing != Standings[^1])
        {
            Standings.Add(View.Standing);
        }

        return this;
    }
}
