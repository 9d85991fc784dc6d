using Failover.Simulation.Hosts;

namespace Failover.Simulation.Worlds;

/// <summary>Breaks servers, networks and hosts at random, and mends each after a while.</summary>
internal sealed class Faults
{
    private readonly World _world;
    private readonly People _people;
    private readonly Action[] _kinds;

    internal Faults(World world, People people)
    {
        _world = world;
        _people = people;
        List<Action> kinds = [Crash, Crash, Sicken, Freeze, Slow, CutLink, CutLink, Lossy, Lossy, Flap, CutHost, PauseHost, PauseHost, JumpClock, Drain, RestartHost, Garble, BreakOff];
        if (world.Cluster is not null)
        {
            kinds.AddRange([Lies, Isolate, Isolate, HandOver, SplitBrain, SplitBrain]);
            if (world.Dice.Chance(0.5))
            {
                kinds.Add(world.Cluster.Rebuild);
            }
        }

        if (world.Authority is not null)
        {
            kinds.AddRange([AuthorityOut, LostAnswers, Conflicts, LyingAuthority, AnotherHand, ArbiterOut, world.Arbiter.Revoke]);
        }

        _kinds = [.. kinds];
    }

    private Dice Dice => _world.Dice;

    internal void Start() => _world.Agenda.In(Dice.Seconds(0, _world.Scenario.FaultEvery * 2), () =>
    {
        if (!_world.Calm)
        {
            Dice.Pick(_kinds)();
            _world.Truth.Refresh();
            Start();
        }
    });

    /// <summary>Ends all faults.</summary>
    internal void Heal()
    {
        _world.Calm = true;
        foreach (Node node in _world.Nodes)
        {
            node.Up = true;
            node.Sick = false;
            node.Undrain();
            node.Slowness = TimeSpan.Zero;
            node.Lie = Lie.None;
            node.Thaw();
            foreach (Host host in _world.Hosts)
            {
                Link link = _world.Link(host, node);
                (link.Cut, link.Loss, link.Delay) = (false, 0, Link.Prompt);
            }
        }

        _world.Arbiter.Out = false;
        _world.Authority?.Heal();
        _world.Cluster?.Heal();
        foreach (Host host in _world.Hosts)
        {
            host.Resume();
        }

        _world.Truth.Refresh();
    }

    /// <summary>Does something, and undoes it later if the faults still go on.</summary>
    private void For(TimeSpan length, Action undo) => _world.Agenda.In(length, () =>
    {
        if (!_world.Calm)
        {
            undo();
            _world.Truth.Refresh();
        }
    });

    private Node AnyNode() => Dice.Chance(0.5) && _world.Hosts[0].State.Active is { } active && _world.NodeOf(active) is { } node ? node : Dice.Pick(_world.Nodes);

    private Host AnyHost() => Dice.Pick(_world.Hosts);

    private void Crash()
    {
        Node node = AnyNode();
        node.Up = false;
        For(Dice.SecondsByMagnitude(0.2, 120), () => node.Up = true);
    }

    private void Flap()
    {
        Node node = AnyNode();
        TimeSpan at = TimeSpan.Zero;
        for (int i = Dice.From(2, 6); i > 0; i--)
        {
            For(at, () => node.Up = false);
            at += Dice.SecondsByMagnitude(0.5, 15);
            For(at, () => node.Up = true);
            at += Dice.SecondsByMagnitude(0.5, 15);
        }
    }

    private void Sicken()
    {
        Node node = AnyNode();
        node.Sicken();
        For(Dice.SecondsByMagnitude(0.5, 60), () => node.Sick = false);
    }

    private void Freeze()
    {
        Node node = AnyNode();
        node.Freeze();
        For(Dice.SecondsByMagnitude(0.1, 40), node.Thaw);
    }

    private void Slow()
    {
        Node node = AnyNode();
        node.Slowness = Dice.SecondsByMagnitude(0.05, 5);
        For(Dice.SecondsByMagnitude(1, 40), () => node.Slowness = TimeSpan.Zero);
    }

    private void CutLink()
    {
        Link link = _world.Link(AnyHost(), AnyNode());
        link.Cut = true;
        For(Dice.SecondsByMagnitude(0.5, 90), () => link.Cut = false);
    }

    private void CutHost()
    {
        Host host = AnyHost();
        foreach (Node node in _world.Nodes)
        {
            _world.Link(host, node).Cut = true;
        }

        For(Dice.SecondsByMagnitude(0.5, 60), () =>
        {
            foreach (Node node in _world.Nodes)
            {
                _world.Link(host, node).Cut = false;
            }
        });
    }

    private void Lossy()
    {
        Link link = _world.Link(AnyHost(), AnyNode());
        (link.Loss, link.Delay) = (Dice.Seconds(0.05, 0.6).TotalSeconds, Dice.Pick([Link.Prompt, 0.5, 2]));
        For(Dice.SecondsByMagnitude(2, 120), () => (link.Loss, link.Delay) = (0, Link.Prompt));
    }

    private void PauseHost()
    {
        Host host = AnyHost();
        host.Pause(Dice.SecondsByMagnitude(0.05, 30));
    }

    private void RestartHost()
    {
        Host host = AnyHost();
        host.Start(Dice.Chance(0.7) ? host.State.Epochs : Election.EpochBook.Empty);
    }

    private void JumpClock() => _world.UtcJump += Dice.Seconds(-7200, 7200);

    private void Drain()
    {
        Node node = AnyNode();
        node.Drain();
        For(Dice.SecondsByMagnitude(1, 90), node.Undrain);
    }

    private void Garble()
    {
        Node node = AnyNode();
        node.Lie = Lie.Garbage;
        For(Dice.SecondsByMagnitude(0.5, 30), () => node.Lie = Lie.None);
    }

    private void BreakOff()
    {
        Node node = AnyNode();
        node.Lie = Lie.Half;
        For(Dice.SecondsByMagnitude(1, 120), () => node.Lie = Lie.None);
    }

    private void Lies()
    {
        Node node = AnyNode();
        node.Lie = Dice.Pick([Lie.PrimaryBefore, Lie.PrimaryNow, Lie.PrimaryAhead, Lie.Replica]);
        For(Dice.SecondsByMagnitude(0.5, 30), () => node.Lie = Lie.None);
    }

    private void Isolate()
    {
        Node node = Dice.Chance(0.7) ? _world.Cluster!.Primary : AnyNode();
        _world.Cluster!.Isolate(node, true);
        For(Dice.SecondsByMagnitude(1, 60), () => _world.Cluster.Isolate(node, false));
    }

    private void HandOver()
    {
        Node node = AnyNode();
        if (_world.Cluster!.CanPromote(node))
        {
            _world.Cluster.Promote(node);
        }
    }

    private void SplitBrain()
    {
        Node? other = _world.Nodes.FirstOrDefault(n => n != _world.Cluster!.Primary && _world.Cluster.CanPromote(n));
        if (other is null)
        {
            return;
        }

        TimeSpan length = Dice.SecondsByMagnitude(1, 60);
        _world.Cluster!.Split(other, length);

        // Everybody tries to help.
        for (int i = Dice.Below(6); i > 0; i--)
        {
            For(length * Dice.Real(), () => _people.Act(AnyHost()));
        }
    }

    private void AuthorityOut()
    {
        Authority authority = _world.Authority!;
        authority.Out = true;
        For(Dice.SecondsByMagnitude(1, 120), () =>
        {
            authority.Out = false;
            authority.Changed();
        });
    }

    private void LostAnswers()
    {
        _world.Authority!.LosesAnswers = true;
        For(Dice.SecondsByMagnitude(1, 60), () => _world.Authority.LosesAnswers = false);
    }

    private void Conflicts()
    {
        _world.Authority!.Conflicts = true;
        For(Dice.SecondsByMagnitude(1, 60), () => _world.Authority.Conflicts = false);
    }

    private void LyingAuthority()
    {
        _world.Authority!.Lies = true;
        For(Dice.SecondsByMagnitude(1, 60), () => _world.Authority.Lies = false);
    }

    private void AnotherHand()
    {
        if (Dice.Chance(0.7))
        {
            _world.Authority!.Move(Dice.Pick(_world.Members));
        }
        else
        {
            _world.Authority!.MoveAway();
            For(Dice.SecondsByMagnitude(1, 60), () => _world.Authority.Move(Dice.Pick(_world.Members)));
        }
    }

    private void ArbiterOut()
    {
        _world.Arbiter.Out = true;
        For(Dice.SecondsByMagnitude(1, 60), () => _world.Arbiter.Out = false);
    }
}
