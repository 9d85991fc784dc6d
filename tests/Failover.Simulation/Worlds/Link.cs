namespace Failover.Simulation.Worlds;

/// <summary>The way between one host and one server. Each message is delayed by itself, so messages overtake each other.</summary>
internal sealed class Link
{
    /// <summary>The delay of a link that is well, in seconds: every probe comes back in time.</summary>
    internal const double Prompt = 0.02;

    internal bool Cut { get; set; }

    internal double Loss { get; set; }

    /// <summary>The longest delay of a message, in seconds.</summary>
    internal double Delay { get; set; } = Prompt;

    internal bool Loses(Dice dice) => Cut || (Loss > 0 && dice.Chance(Loss));

    internal TimeSpan Travel(Dice dice) => dice.Seconds(0.0005, Delay);
}
