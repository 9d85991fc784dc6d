using Failover.Engine;
using Failover.Simulation.Worlds;

namespace Failover.Simulation.Hosts;

/// <summary>Real calls of one host: they go where the route says, and write meters.</summary>
internal sealed class Calls(World world, Host host)
{
    private static readonly TimeSpan GivesUp = TimeSpan.FromSeconds(6);

    private readonly Dictionary<int, SimMeter> _meters = [];
    private int _failures;

    internal void Start()
    {
        if (world.Scenario.CallsASecond > 0)
        {
            Later();
        }
    }

    /// <summary>A new life of the host: what waits is gone.</summary>
    internal void Forget() => _meters.Clear();

    /// <summary>Takes the readings that changed since the engine was last told.</summary>
    internal IEnumerable<MeterRead> Changed()
    {
        foreach (MemberState member in host.State.Members)
        {
            if (_meters.TryGetValue(member.Incarnation, out SimMeter? meter))
            {
                MeterReading reading = meter.Read(world.Agenda.Now, host.State.Settings.HangAges.Write);
                if (reading != meter.Fed)
                {
                    yield return Told(meter, member.Member, member.Incarnation, reading);
                }
            }
        }
    }

    private static MeterRead Told(SimMeter meter, FailoverMember member, int incarnation, MeterReading reading)
    {
        meter.Fed = reading;
        return new(member, incarnation, reading);
    }

    private void Later() => world.Agenda.In(world.Dice.Seconds(0, 2 / world.Scenario.CallsASecond), () =>
    {
        if (!host.Paused)
        {
            int places = host.State.Route.Length;
            Call(0, poison: !world.Calm && world.Dice.Chance(0.01), places);
        }

        Later();
    });

    /// <param name="place">Which member of the route.</param>
    /// <param name="poison">Whether the call fails wherever it goes.</param>
    /// <param name="places">How many members the route had at first.</param>
    /// <param name="answered">Told when this member has answered well: then the call's failure on the one before was not its own fault.</param>
    private void Call(int place, bool poison, int places, Action? answered = null)
    {
        if (place >= places || place >= host.State.Route.Length || host.State.Find(host.State.Route[place]) is not { } member || world.NodeOf(member.Member) is not { } node)
        {
            return;
        }

        SimMeter meter = _meters.TryGetValue(member.Incarnation, out SimMeter? known) ? known : _meters[member.Incarnation] = new();
        int life = host.Life;
        TimeSpan start = world.Agenda.Now;
        meter.Start(start);
        bool ended = false;
        world.Ask(host, node, isCall: true, answer =>
        {
            if (!ended && life == host.Life)
            {
                meter.Heard(answer);
            }

            End(Answers.IsGoodForCalls(answer));
        });
        world.Agenda.In(GivesUp, () => End(false));

        void End(bool succeeded)
        {
            if (ended || life != host.Life)
            {
                return;
            }

            ended = true;
            bool tell = true;
            if (poison)
            {
                meter.Disputed(start);
            }
            else if (succeeded)
            {
                tell = meter.Succeeded(start, world.Agenda.Now);
                answered?.Invoke();
            }
            else if (_failures++ % 2 == 0)
            {
                meter.Disputed(start);
                Call(place + 1, poison, places, Confirmed);
            }
            else
            {
                meter.Failed(start);
                Call(place + 1, poison, places);
            }

            if (tell)
            {
                Tell();
            }
        }

        void Confirmed()
        {
            meter.Confirmed();
            Tell();
        }

        void Tell()
        {
            // A meter is read when its reading is fed, never before: while the process stands still there is nobody to read it.
            if (!host.Paused)
            {
                host.Post(Told(meter, member.Member, member.Incarnation, meter.Read(world.Agenda.Now, host.State.Settings.HangAges.Write)), life);
            }
        }
    }
}
