using Failover.Engine;
using Failover.Simulation.Hosts;

namespace Failover.Simulation.Worlds;

/// <summary>Grants one lease at a time, with a token that grows.</summary>
internal sealed class Arbiter(World world)
{
    private long _token;

    internal Host? Holder { get; private set; }

    internal TimeSpan HeldSince { get; private set; }

    internal bool Out { get; set; }

    internal void Ask(Host host)
    {
        int life = host.Life;
        world.Agenda.In(world.Dice.SecondsByMagnitude(0.002, 1), () =>
        {
            GroupEvent answer;
            if (Out || host.Life != life || (Holder is not null && Holder != host))
            {
                answer = new LeaseLost();
            }
            else
            {
                (Holder, HeldSince) = (host, world.Agenda.Now);
                answer = new LeaseGranted(++_token);
            }

            host.Post(answer, life);
        });
    }

    /// <summary>The holder's time has run out: its host tells it at once, by its own clock.</summary>
    internal void Revoke()
    {
        if (Holder is { } holder)
        {
            Holder = null;
            holder.Post(new LeaseLost());
        }
    }

    /// <summary>The holder has died: nobody is left to tell.</summary>
    internal void Forget(Host host)
    {
        if (Holder == host)
        {
            Holder = null;
        }
    }
}
