namespace VirtualIp.Demo;

/// <summary>A part of the story.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Began">When.</param>
/// <param name="Move">Where the address went, as the apps should tell it; null if it had to stay.</param>
/// <param name="Holder">Who had the address at the end, as the kernels of both say.</param>
internal sealed record Act(string Name, TimeSpan Began, string? Move, string Holder)
{
    /// <summary>Whether it is a failure of who had the address.</summary>
    internal bool IsFault => Move?.StartsWith("Failover", StringComparison.Ordinal) is true;
}
