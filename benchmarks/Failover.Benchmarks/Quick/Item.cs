namespace Failover.Benchmarks.Quick;

/// <summary>Something to measure, and how much it may cost.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Run">Does it <paramref name="Operations"/> times.</param>
/// <param name="MaxNanoseconds">The bar; null if there is none.</param>
/// <param name="MaxBytes">The bar; null if there is none.</param>
/// <param name="Operations">How often one call of <paramref name="Run"/> does it.</param>
internal sealed record Item(string Name, Action Run, double? MaxNanoseconds = null, double? MaxBytes = null, int Operations = 1);
