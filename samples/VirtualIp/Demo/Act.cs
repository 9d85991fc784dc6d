using Failover.TestServers.Virtual;

namespace VirtualIp.Demo;

/// <summary>A part of the story.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Began">When.</param>
/// <param name="Move">Where the address went, as the apps should tell it; null if it had to stay.</param>
/// <param name="First">The first answer of who has the address then; null as well.</param>
/// <param name="Holder">Who had the address at the end, as the kernels of both say.</param>
internal sealed record Act(string Name, TimeSpan Began, string? Move, AddressCall? First, string Holder)
{
    /// <summary>
    /// Whether a call that nobody answered was under way when the address moved: begun before the new holder had answered anybody, and not over before. Its connection is known to the former holder alone, if to anybody: an address carries none over.
    /// </summary>
    internal bool CutOff(AddressCall failed) => First is { } first && failed.Begun <= first.Ended && failed.Ended >= Began;
}
