using Failover.Engine;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Hosts;

/// <summary>Carries out probes: some ignore their timeout and are left behind, some are answered too late, or twice.</summary>
internal sealed class Prober(World world, Host host)
{
    internal void Send(Probe probe)
    {
        int life = host.Life;
        bool stubborn = !world.Calm && world.Dice.Chance(0.15);
        bool answered = false;
        bool ended = false;
        if (world.NodeOf(probe.Member) is { } node)
        {
            world.Ask(host, node, isCall: false, End);
        }

        world.Agenda.In(probe.Timeout, () =>
        {
            if (answered)
            {
                return;
            }

            answered = true;
            ended = !stubborn;
            Tell(ProbeResult.Timeout("no answer in time"), stubborn);
            if (stubborn)
            {
                world.Agenda.In(world.Dice.SecondsByMagnitude(0.5, World.LongestLeftBehind.TotalSeconds), () => End(ProbeResult.Failure("aborted")));
            }
        });

        void End(ProbeResult result)
        {
            // An answer to a probe that ended is a late one: the real monitor drops most of them, the fold must ignore all.
            if (!ended || world.Dice.Chance(0.5))
            {
                Tell(result, false);
            }

            if (!ended && world.Dice.Chance(0.02))
            {
                world.Agenda.In(world.Dice.SecondsByMagnitude(0.01, 10), () => Tell(result, world.Dice.Chance(0.2)));
            }

            answered = ended = true;
        }

        void Tell(ProbeResult result, bool stillRunning) =>
            host.Post(new ProbeCompleted(probe.Member, probe.Incarnation, probe.Attempt, result, stillRunning), life);
    }
}
