using Failover.Simulation.Hosts;

namespace Failover.Simulation.Worlds;

/// <summary>Servers that elect their primary among themselves, well or badly; the engine only watches.</summary>
internal sealed class Cluster
{
    private readonly World _world;
    private readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);
    private readonly HashSet<Node> _isolated = [];
    private TimeSpan _missingSince = TimeSpan.MaxValue;
    private TimeSpan _patience = TimeSpan.FromSeconds(3);
    private int _lineages = 1;
    private Node? _second;

    internal Cluster(World world)
    {
        _world = world;
        Primary = world.Nodes[0];
        foreach (Node node in world.Nodes)
        {
            node.Role = node == Primary ? MemberRole.Primary : MemberRole.Replica;
        }
    }

    internal Node Primary { get; private set; }

    internal string Lineage { get; private set; } = "L0";

    internal long Number { get; private set; } = 1;

    internal void Start() => _world.Agenda.In(_world.Dice.Seconds(0.1, 1), Look);

    /// <summary>Cut off from the others, but not from the hosts: a primary goes on without knowing that it was replaced.</summary>
    internal void Isolate(Node node, bool isolated)
    {
        _ = isolated ? _isolated.Add(node) : _isolated.Remove(node);
    }

    internal void WasTold(string lineage, long number) => _told[lineage] = Math.Max(number, _told.GetValueOrDefault(lineage));

    internal bool CanPromote(Node node) => node.Up && !node.Frozen && !_isolated.Contains(node) && _world.Members.Contains(node.Member);

    internal void Promote(Node node)
    {
        Node old = Primary;
        Number = Math.Max(Number, _told.GetValueOrDefault(Lineage)) + 1;
        Primary = node;
        (node.Role, node.Lineage, node.Number) = (MemberRole.Primary, Lineage, Number);
        _missingSince = TimeSpan.MaxValue;
        _patience = _world.Dice.Seconds(0.5, 6);
        if (old != node && CanPromote(old))
        {
            _world.Agenda.In(_world.Dice.Chance(0.7) ? TimeSpan.Zero : _world.Dice.Seconds(0.1, 3), () => Rejoin(old));
        }

        Announce();
    }

    /// <summary>Two at one epoch, for a time.</summary>
    internal void Split(Node other, TimeSpan length)
    {
        if (other == Primary || _second is not null)
        {
            return;
        }

        _second = other;
        (other.Role, other.Lineage, other.Number) = (MemberRole.Primary, Lineage, Number);
        _world.Agenda.In(length, EndSplit);
    }

    /// <summary>A restore or an upgrade: what was written before counts no longer.</summary>
    internal void Rebuild()
    {
        Lineage = $"L{_lineages++ % 8}";
        Number = _told.GetValueOrDefault(Lineage);
        Promote(Primary);
        foreach (Node node in _world.Nodes)
        {
            Rejoin(node);
        }
    }

    internal void Heal()
    {
        _isolated.Clear();
        EndSplit();
        if (!_world.Members.Contains(Primary.Member))
        {
            Primary = _world.Nodes.First(n => _world.Members.Contains(n.Member));
        }

        Promote(Primary);
        foreach (Node node in _world.Nodes)
        {
            Rejoin(node);
        }
    }

    private void EndSplit()
    {
        if (_second is { } second)
        {
            _second = null;
            Rejoin(second);
        }
    }

    private void Rejoin(Node node)
    {
        if (node != Primary && node != _second && node.Up && !node.Frozen && !_isolated.Contains(node))
        {
            (node.Role, node.Lineage, node.Number) = (MemberRole.Replica, Lineage, Number);
        }
    }

    private void Look()
    {
        bool overtaken = _told.GetValueOrDefault(Lineage) > Number && _world.Dice.Chance(0.05);
        if (!CanPromote(Primary) || overtaken)
        {
            _missingSince = _missingSince == TimeSpan.MaxValue ? _world.Agenda.Now : _missingSince;
            if ((overtaken || _world.Agenda.Now - _missingSince >= _patience) && _world.Nodes.Where(CanPromote).ToList() is { Count: > 0 } able)
            {
                Promote(_world.Dice.Pick(able));
            }
        }
        else
        {
            _missingSince = TimeSpan.MaxValue;
            foreach (Node node in _world.Nodes)
            {
                if (_world.Dice.Chance(0.3))
                {
                    Rejoin(node);
                }
            }

            if (_world.Dice.Chance(0.1))
            {
                Announce();
            }
        }

        _world.Agenda.In(_world.Dice.Seconds(0.5, 1.5), Look);
    }

    /// <summary>The quorum tells each host who is primary, and since which epoch; its messages may be late, overtake each other, or come twice.</summary>
    private void Announce()
    {
        if (_world.Scenario.Kind != WorldKind.Redis)
        {
            return;
        }

        WasTold(Lineage, Number);
        Hint hint = new(HintKind.LookNow, "quorum") { Member = Primary.Member, QuorumEpoch = new Epoch(Lineage, Number) };
        foreach (Host host in _world.Hosts)
        {
            int copies = _world.Calm || _world.Dice.Chance(0.8) ? 1 : _world.Dice.From(0, 2);
            for (int i = 0; i < copies; i++)
            {
                _world.Agenda.In(_world.Calm ? TimeSpan.FromMilliseconds(1) : _world.Dice.SecondsByMagnitude(0.001, 10), () => host.Post(new Failover.Engine.HintReceived(hint)));
            }
        }
    }
}
