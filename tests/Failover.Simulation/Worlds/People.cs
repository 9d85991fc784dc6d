using System.Collections.Immutable;
using Failover.Engine;
using Failover.Simulation.Hosts;

namespace Failover.Simulation.Worlds;

/// <summary>People and programs that ask the group for something: switches, pins, drains, other members, other settings, hints; and senders of rubbish.</summary>
internal sealed class People
{
    private readonly World _world;
    private readonly Action<Host>[] _acts;
    private long _requests;

    internal People(World world)
    {
        _world = world;
        _acts = [Request, Request, Request, Pin, Drain, Drain, ChangeMembers, Reconfigure, Trust, LookNow, LookNow, Hold, Rubbish, Rubbish];
    }

    private Dice Dice => _world.Dice;

    internal void Start() => _world.Agenda.In(Dice.Seconds(0, _world.Scenario.FaultEvery * 2), () =>
    {
        if (!_world.Calm)
        {
            Act(Dice.Pick(_world.Hosts));
            Start();
        }
    });

    internal void Act(Host host) => Dice.Pick(_acts)(host);

    /// <summary>They take back what they asked for, and say which lineage is the right one.</summary>
    internal void Heal()
    {
        foreach (Host host in _world.Hosts)
        {
            host.Post(new PinChanged(false));
            foreach (FailoverMember member in _world.Members)
            {
                host.Post(new Drained(member, null));
            }

            if (_world.Scenario.Kind is WorldKind.Database or WorldKind.Redis)
            {
                host.Post(new LineageTrusted(_world.Cluster!.Lineage));
            }

            if (_world.Arbiter.Holder is null)
            {
                host.Post(new LeaseLost());
            }
        }
    }

    private void Request(Host host) => host.Post(new SwitchRequested(++_requests, Dice.Pick(_world.Nodes).Member));

    private void Pin(Host host)
    {
        host.Post(new PinChanged(true));
        Later(Dice.SecondsByMagnitude(1, 120), host, () => new PinChanged(false));
    }

    private void Drain(Host host)
    {
        FailoverMember member = Dice.Chance(0.7) && host.State.Active is { } active ? active : Dice.Pick(_world.Nodes).Member;
        if (Dice.Chance(0.5))
        {
            host.Post(new Drained(member, _world.Agenda.Now + Dice.SecondsByMagnitude(1, 60)));
        }
        else
        {
            host.Post(new Drained(member, TimeSpan.MaxValue));
            Later(Dice.SecondsByMagnitude(1, 60), host, () => new Drained(member, null));
        }
    }

    private void ChangeMembers(Host host)
    {
        List<FailoverMember> members = [.. _world.Members];
        switch (Dice.Below(4))
        {
            case 0 when members.Count > 1:
                members.Remove(Dice.Chance(0.5) && host.State.Active is { } active ? active : Dice.Pick(members));
                break;
            case 1:
                members.Reverse();
                break;
            case 2:
                members = [.. members.Select(m => new FailoverMember(m.Name + "'", m.Address))];
                break;
            default:
                members.Insert(Dice.Below(members.Count + 1), Dice.Pick(_world.Nodes).Member);
                break;
        }

        _world.Members = [.. members.Distinct()];
        foreach (Host each in _world.Hosts)
        {
            // The same list reaches each host; sometimes it comes with a double, or with an empty one before it.
            if (Dice.Chance(0.1))
            {
                each.Post(new MembersChanged([]));
            }

            each.Post(new MembersChanged(Dice.Chance(0.1) ? [.. _world.Members, _world.Members[0]] : _world.Members));
        }
    }

    private void Reconfigure(Host host) => host.Post(new OptionsChanged(_world.Scenario.Vary(host.State.Settings)));

    private void Trust(Host host)
    {
        if (_world.Cluster is { } cluster && Dice.Chance(0.7))
        {
            host.Post(Dice.Chance(0.5) ? new LineageTrusted(cluster.Lineage) : new OptionsChanged(host.State.Settings with { TrustLineage = cluster.Lineage }));
        }
    }

    private void LookNow(Host host) => host.Post(new HintReceived(new Hint(HintKind.LookNow, "watch") { Member = Dice.Chance(0.5) ? Dice.Pick(_world.Nodes).Member : null }));

    /// <summary>Who sees an election begin says so again while it lasts.</summary>
    private void Hold(Host host)
    {
        host.Post(Held());
        for (int repeats = Dice.Below(4); repeats > 0; repeats--)
        {
            Later(Dice.SecondsByMagnitude(0.5, 60), host, Held);
        }
    }

    private HintReceived Held() => new(new Hint(HintKind.Hold, "watch") { HoldFor = Dice.SecondsByMagnitude(0.5, 60) });

    /// <summary>Events of former times, of members that are gone, and of nobody.</summary>
    private void Rubbish(Host host)
    {
        FailoverMember member = Dice.Pick(_world.Nodes).Member;
        MemberState? known = host.State.Find(member);
        ProbeResult result = Dice.Chance(0.5) ? ProbeResult.Failure("rubbish") : ProbeResult.Success(MemberRole.Primary, new Epoch("L0", 1_000_000));
        host.Post(Dice.Below(8) switch
        {
            0 => new ProbeCompleted(member, known?.Incarnation ?? 1, (known?.Attempt ?? 1) - Dice.From(1, 3), result, Dice.Chance(0.3)),
            1 => new ProbeCompleted(member, (known?.Incarnation ?? 1) + Dice.Pick([-100, 100]), known?.Attempt ?? 1, result),
            2 => new MeterRead(member, (known?.Incarnation ?? 1) - 100, new() { Failed = 1000, FailuresInARow = 1000 }),
            3 => new SwitchCompleted(host.State.Switch.Operation - Dice.From(1, 2), SwitchOutcome.Applied, new SwitchReading(member, "v"), null),
            4 => new LeaseLost(),
            5 => new Drained(new FailoverMember(new Uri("tcp://192.0.2.9:1")), TimeSpan.MaxValue),
            6 => new SwitchCompleted(host.State.Switch.Operation + Dice.From(1, 2), SwitchOutcome.Failed, null, null),
            _ => Tick.Instance,
        });
    }

    private void Later(TimeSpan length, Host host, Func<GroupEvent> undo) => _world.Agenda.In(length, () =>
    {
        if (!_world.Calm)
        {
            host.Post(undo());
        }
    });
}
