namespace Failover;

/// <summary>What came of a fence.</summary>
/// <param name="Succeeded">Whether what was to be fenced provably does nothing any more.</param>
/// <param name="Evidence">Why not, or what was done: a few words without secrets.</param>
public sealed record FenceResult(bool Succeeded, string Evidence);
