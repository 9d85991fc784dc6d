using Failover.Simulation.Hosts;

namespace Failover.Simulation.Worlds;

/// <summary>Keeps one lease for whoever took it, with a token that grows, until it runs out. The hosts hold it through the fold of real leases: see <see cref="LeaseHold"/>. What stores and clocks may do to leases is another world's matter.</summary>
internal sealed class Arbiter(World world)
{
    private readonly Dictionary<Host, LeaseHold> _holds = [];
    private LeaseHold? _kept;
    private TimeSpan _keptUntil;
    private long _token;

    internal bool Out { get; set; }

    /// <summary>Who may act now.</summary>
    internal Host? Holder => _holds.Values.FirstOrDefault(hold => hold.MayAct)?.Host;

    /// <summary>Since when.</summary>
    internal TimeSpan HeldSince => _holds.Values.First(hold => hold.MayAct).Since;

    internal void Ask(Host host)
    {
        if (_holds.GetValueOrDefault(host) is { IsOver: false } hold)
        {
            hold.TellAgain();
        }
        else
        {
            _holds[host] = new(world, host);
            _holds[host].Ask();
        }
    }

    /// <summary>Whether this host may act under this token: asked right before it does.</summary>
    internal bool IsHeld(Host host, long token) => _holds.GetValueOrDefault(host) is { MayAct: true } hold && hold.Token == token;

    internal LeaseAnswer Take(LeaseHold asker)
    {
        if (_kept is not null && world.Agenda.Now < _keptUntil)
        {
            return LeaseAnswer.Held(null, null);
        }

        Keep(asker);
        return LeaseAnswer.Granted(Grant(++_token));
    }

    internal LeaseGrant? Renew(LeaseHold asker)
    {
        if (_kept != asker || world.Agenda.Now >= _keptUntil)
        {
            return null;
        }

        Keep(asker);
        return Grant(_token);
    }

    internal void Release(LeaseHold asker)
    {
        if (_kept == asker)
        {
            _kept = null;
        }
    }

    /// <summary>Somebody deletes it in the store. Its holder learns of that when it next renews it; until then only the authority keeps two from acting.</summary>
    internal void Revoke() => _kept = null;

    private static LeaseGrant Grant(long token) => new(new("arbiter", token), LeaseHold.Settings.Duration);

    private void Keep(LeaseHold asker) => (_kept, _keptUntil) = (asker, world.Agenda.Now + LeaseHold.Settings.Duration);
}
