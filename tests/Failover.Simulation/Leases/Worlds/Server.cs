namespace Failover.Simulation.Leases.Worlds;

/// <summary>A server process: it does one thing after the other, may be away, or stand still and do later what it was asked for meanwhile.</summary>
internal sealed class Server
{
    private readonly Queue<Action> _frozen = new();

    internal bool Away { get; set; }

    internal bool Frozen { get; private set; }

    internal void Serve(Action work, Action refuse)
    {
        if (Frozen)
        {
            _frozen.Enqueue(() => Serve(work, refuse));
        }
        else
        {
            (Away ? refuse : work)();
        }
    }

    internal void Freeze() => Frozen = true;

    internal void Thaw()
    {
        Frozen = false;
        while (!Frozen && _frozen.TryDequeue(out Action? next))
        {
            next();
        }
    }
}
