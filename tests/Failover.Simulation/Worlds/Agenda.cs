namespace Failover.Simulation.Worlds;

/// <summary>Virtual time: what is to happen, in order. What is planned for the same instant happens in the order in which it was planned.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (long Ticks, long Order)> _queue = new();
    private long _order;

    internal TimeSpan Now { get; private set; }

    internal void At(TimeSpan time, Action action) => _queue.Enqueue(action, (Math.Max(time.Ticks, Now.Ticks), _order++));

    internal void In(TimeSpan delay, Action action) => At(Now + delay, action);

    internal void RunUntil(TimeSpan end)
    {
        while (_queue.TryPeek(out _, out (long Ticks, long Order) next) && next.Ticks <= end.Ticks)
        {
            Action action = _queue.Dequeue();
            Now = TimeSpan.FromTicks(next.Ticks);
            action();
        }

        Now = end;
    }
}
