namespace Failover.Http;

/// <summary>What was told already, so that it is not told again. Bounded. Thread-safe.</summary>
/// <param name="most">How many things are told; more than that nobody would read on.</param>
internal sealed class ToldOnce(int most)
{
    private readonly HashSet<string> _told = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether this is to be told: the first time it is.</summary>
    internal bool IsFirst(string what)
    {
        lock (_told)
        {
            return _told.Count < most && _told.Add(what);
        }
    }
}
