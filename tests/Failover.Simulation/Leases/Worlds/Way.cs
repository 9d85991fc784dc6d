using Failover.Simulation.Worlds;

namespace Failover.Simulation.Leases.Worlds;

/// <summary>Between one host and one server: each direction may be broken by itself, so that a server hears of a host that never hears of it.</summary>
internal sealed class Way
{
    internal Link Out { get; } = new();

    internal Link Back { get; } = new();

    internal void Cut(bool cut) => Out.Cut = Back.Cut = cut;

    internal void Lose(double loss) => Out.Loss = Back.Loss = loss;

    internal void Delay(TimeSpan longest) => Out.Delay = Back.Delay = Math.Max(Link.Prompt, longest.TotalSeconds);

    internal void Heal()
    {
        Cut(false);
        Lose(0);
        Delay(TimeSpan.Zero);
    }
}
