namespace Failover.Simulation.Worlds;

/// <summary>A seeded random sequence (SplitMix64): the same on every machine and every runtime, so that a seed is a whole run.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    internal double Real() => (Next() >> 11) * (1.0 / (1UL << 53));

    internal int Below(int count) => (int)(Next() % (ulong)count);

    internal int From(int least, int most) => least + Below(most - least + 1);

    internal bool Chance(double probability) => Real() < probability;

    internal T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A time between two numbers of seconds, in whole microseconds.</summary>
    internal TimeSpan Seconds(double least, double most) => TimeSpan.FromMicroseconds((long)((least + ((most - least) * Real())) * 1e6));

    /// <summary>Like <see cref="Seconds"/>, but short times come as often as long ones: each order of magnitude is as likely.</summary>
    internal TimeSpan SecondsByMagnitude(double least, double most) => TimeSpan.FromMicroseconds((long)(least * Math.Pow(most / least, Real()) * 1e6));
}
