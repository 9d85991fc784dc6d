namespace Failover.Engine;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): a random sequence as a value, so that the fold's jitter lives in its state and a run can be repeated from its seed.</summary>
internal readonly record struct SplitMix(ulong State)
{
    internal SplitMix Next(out ulong value)
    {
        ulong state = State + 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        value = z ^ (z >> 31);
        return new(state);
    }

    /// <summary>A number from 0 to below 1.</summary>
    internal SplitMix NextDouble(out double value)
    {
        SplitMix next = Next(out ulong bits);
        value = (bits >> 11) * (1.0 / (1UL << 53));
        return next;
    }
}
