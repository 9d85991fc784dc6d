namespace Failover.Benchmarks.Quick;

/// <summary>Something to measure, and how much it may cost.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Run">Does it <see cref="Operations"/> times.</param>
internal sealed record Item(string Name, Action Run)
{
    /// <summary>The bar; null if there is none.</summary>
    internal double? MaxNanoseconds { get; init; }

    /// <summary>The bar; null if there is none.</summary>
    internal double? MaxBytes { get; init; }

    /// <summary>How often one call of <see cref="Run"/> does it.</summary>
    internal int Operations { get; init; } = 1;

    /// <summary>The name of the item that the bars are counted from; null if they are counted from nothing.</summary>
    internal string? Over { get; init; }
}
