using System.Collections.Immutable;
using Failover.Engine;
using Failover.Simulation.Hosts;
using Failover.Simulation.Running;

namespace Failover.Simulation.Worlds;

/// <summary>Servers, networks, hosts and people of one run. Everything that happens in it follows from the seed.</summary>
internal sealed class World
{
    private static readonly DateTimeOffset Birth = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Link[,] _links;

    internal World(Scenario scenario, IFold fold, Log log)
    {
        Scenario = scenario;
        Dice = scenario.Dice;
        Nodes = [.. Enumerable.Range(0, Dice.From(3, 5)).Select(i => new Node(i, new FailoverMember($"n{i}", new Uri($"tcp://10.0.0.{i + 1}:5432"))))];
        Members = [.. Nodes.Take(scenario.Kind == WorldKind.Http && Dice.Chance(0.5) ? 2 : Dice.From(2, Nodes.Length)).Select(n => n.Member)];
        Cluster = scenario.HasRoles ? new Cluster(this) : null;
        Authority = scenario.HasAuthority ? new Authority(this) : null;
        Arbiter = new Arbiter(this);
        Hosts = [.. Enumerable.Range(0, scenario.Kind == WorldKind.DnsPair ? 2 : 1).Select(i => new Host(this, i, fold, log))];
        _links = new Link[Hosts.Length, Nodes.Length];
        foreach (Host host in Hosts)
        {
            foreach (Node node in Nodes)
            {
                _links[host.Index, node.Index] = new Link();
            }
        }

        Truth = new Truth(this);
    }

    /// <summary>How long a probe that ignores its timeout may go on.</summary>
    internal static TimeSpan LongestLeftBehind => TimeSpan.FromSeconds(20);

    internal Scenario Scenario { get; }

    internal Dice Dice { get; }

    internal Agenda Agenda { get; } = new();

    internal ImmutableArray<Node> Nodes { get; }

    /// <summary>The list of members that was configured last.</summary>
    internal ImmutableArray<FailoverMember> Members { get; set; }

    internal ImmutableArray<Host> Hosts { get; }

    internal Cluster? Cluster { get; }

    internal Authority? Authority { get; }

    internal Arbiter Arbiter { get; }

    internal Truth Truth { get; }

    /// <summary>Whether the faults are over.</summary>
    internal bool Calm { get; set; }

    /// <summary>How far the wall clock has jumped.</summary>
    internal TimeSpan UtcJump { get; set; }

    internal Moment Now => new(Agenda.Now, Birth + Agenda.Now + UtcJump);

    internal Link Link(Host host, Node node) => _links[host.Index, node.Index];

    internal Node? NodeOf(FailoverMember? member) => Nodes.FirstOrDefault(n => n.Member.Equals(member));

    /// <summary>One question over the network; without an answer, nothing is ever called.</summary>
    internal void Ask(Host host, Node node, bool isCall, Action<ProbeResult> answered)
    {
        Link link = Link(host, node);
        if (link.Loses(Dice))
        {
            return;
        }

        Agenda.In(link.Travel(Dice), () => node.WhenRunning(() =>
        {
            ProbeResult answer = Answers.Of(node, this, isCall);
            if (!link.Loses(Dice))
            {
                Agenda.In(link.Travel(Dice) + node.Slowness, () => answered(answer));
            }
        }));
    }
}
