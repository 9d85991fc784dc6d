using Failover.Engine;
using Failover.Simulation.Hosts;

namespace Failover.Simulation.Worlds;

/// <summary>Since when each server has been dead, or beyond doubt well, for each host. Kept exactly: refreshed with each change of the world.</summary>
internal sealed class Truth
{
    private readonly World _world;
    private readonly TimeSpan?[,] _dead;
    private readonly TimeSpan?[,] _half;
    private readonly TimeSpan?[,] _solid;

    internal Truth(World world)
    {
        _world = world;
        _dead = new TimeSpan?[world.Hosts.Length, world.Nodes.Length];
        _half = new TimeSpan?[world.Hosts.Length, world.Nodes.Length];
        _solid = new TimeSpan?[world.Hosts.Length, world.Nodes.Length];
    }

    internal TimeSpan? DeadSince(Host host, Node node) => _dead[host.Index, node.Index];

    /// <summary>Since when it has given half answers, each in time: calls take them, probes do not.</summary>
    internal TimeSpan? HalfSince(Host host, Node node) => _half[host.Index, node.Index];

    internal TimeSpan? SolidSince(Host host, Node node) => _solid[host.Index, node.Index];

    internal void Refresh()
    {
        foreach (Host host in _world.Hosts)
        {
            foreach (Node node in _world.Nodes)
            {
                Link link = _world.Link(host, node);
                bool dead = !node.Up || node.Sick || node.Frozen || link.Cut || node.Lie == Lie.Garbage;
                bool prompt = !dead && link is { Loss: 0, Delay: <= Link.Prompt } && node.Slowness == TimeSpan.Zero && !host.Paused;
                bool solid = !dead && link.Loss == 0 && node.Slowness == TimeSpan.Zero && node.Lie == Lie.None && !node.Draining && !host.Paused;
                Mark(ref _half[host.Index, node.Index], prompt && node.Lie == Lie.Half);
                Mark(ref _dead[host.Index, node.Index], dead && !host.Paused);
                Mark(ref _solid[host.Index, node.Index], solid);
            }
        }
    }

    /// <summary>Something changed on which a promise in time depends: all times begin anew for this host.</summary>
    internal void Restart(Host host)
    {
        foreach (Node node in _world.Nodes)
        {
            _dead[host.Index, node.Index] = null;
            _half[host.Index, node.Index] = null;
            _solid[host.Index, node.Index] = null;
        }

        Refresh();
    }

    /// <summary>By when a dead active member must have been given up, by the thresholds.</summary>
    internal static TimeSpan Detection(GroupSettings settings)
    {
        TimeSpan further = (settings.TransitionInterval * 1.1) + settings.ProbeTimeout;
        return (settings.ProbeInterval * 1.1) + (settings.ProbeTimeout * 2) + (further * settings.Fall) + TimeSpan.FromSeconds(1);
    }

    /// <summary>By when an active member must have been given up that fails its probes alone: while calls succeed they are sent more seldom, and one may have been left behind.</summary>
    internal static TimeSpan DetectionBesideCalls(GroupSettings settings) => Detection(settings) + (settings.ProbeInterval * 4) + World.LongestLeftBehind;

    /// <summary>By when a member that is well must have been found healthy, even if a probe of it was left behind.</summary>
    internal static TimeSpan Recovery(GroupSettings settings) =>
        (settings.DownInterval * 1.1) + settings.ProbeInterval + ((settings.TransitionInterval * 1.1) + settings.ProbeTimeout) * (settings.Rise + 1) + World.LongestLeftBehind;

    private void Mark(ref TimeSpan? since, bool holds) => since = !holds ? null : since ?? _world.Agenda.Now;
}
