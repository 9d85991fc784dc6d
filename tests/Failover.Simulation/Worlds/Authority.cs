using Failover.Engine;
using Failover.Simulation.Hosts;

namespace Failover.Simulation.Worlds;

/// <summary>Where a switcher reads and writes what is true outside: a DNS server; for nodes with roles, the primary that is asked to hand over.</summary>
internal sealed class Authority(World world)
{
    private readonly FailoverMember _stranger = new("stranger", new Uri("tcp://192.0.2.1:1"));
    private long _highestToken;

    internal FailoverMember Current { get; private set; } = world.Members[0];

    internal bool Out { get; set; }

    internal bool LosesAnswers { get; set; }

    internal bool Lies { get; set; }

    internal bool Conflicts { get; set; }

    /// <summary>Since when it has worked as it should.</summary>
    internal TimeSpan WellSince { get; private set; }

    internal void Serve(Host host, Switch asked)
    {
        int life = host.Life;
        world.Agenda.In(world.Dice.SecondsByMagnitude(0.005, 2), () =>
        {
            SwitchCompleted answer = asked.Target is null ? Read(asked) : world.Cluster is { } cluster ? HandOver(asked, cluster) : Write(asked);
            world.Agenda.In(world.Dice.SecondsByMagnitude(0.005, 1), () => host.Post(answer, life));
        });
    }

    /// <summary>Another hand changes what is true.</summary>
    internal void Move(FailoverMember member) => Current = member;

    internal void MoveAway() => Current = _stranger;

    internal void Heal()
    {
        Out = LosesAnswers = Lies = Conflicts = false;
        if (!world.Members.Contains(Current))
        {
            Current = world.Members[0];
        }

        Changed();
    }

    internal void Changed() => WellSince = world.Agenda.Now;

    private SwitchReading Reading() => new(Lies && world.Dice.Chance(0.3) ? world.Dice.Pick(world.Nodes).Member : Current, "v");

    private SwitchCompleted Read(Switch asked) =>
        Out ? new(asked.Operation, SwitchOutcome.Failed, null, "no route") : new(asked.Operation, SwitchOutcome.Applied, Reading(), null);

    private SwitchCompleted Write(Switch asked)
    {
        if (Out)
        {
            return new(asked.Operation, SwitchOutcome.Failed, null, "no route");
        }

        if ((Conflicts && world.Dice.Chance(0.5)) || asked.LeaseToken < _highestToken)
        {
            return new(asked.Operation, SwitchOutcome.Conflict, Reading(), "changed by another");
        }

        _highestToken = Math.Max(_highestToken, asked.LeaseToken ?? 0);
        Current = asked.Target!;
        return LosesAnswers && world.Dice.Chance(0.5)
            ? new(asked.Operation, SwitchOutcome.Unknown, null, "the answer was lost")
            : new(asked.Operation, SwitchOutcome.Applied, Reading(), null);
    }

    private SwitchCompleted HandOver(Switch asked, Cluster cluster)
    {
        if (Out || Conflicts || world.NodeOf(asked.Target) is not { } node || !cluster.CanPromote(node))
        {
            return new(asked.Operation, Conflicts ? SwitchOutcome.Conflict : SwitchOutcome.Failed, null, "refused");
        }

        world.Agenda.In(world.Dice.SecondsByMagnitude(0.01, 3), () => cluster.Promote(node));
        return LosesAnswers && world.Dice.Chance(0.5)
            ? new(asked.Operation, SwitchOutcome.Unknown, null, "the answer was lost")
            : new(asked.Operation, SwitchOutcome.Applied, new(asked.Target, "v"), null);
    }
}
