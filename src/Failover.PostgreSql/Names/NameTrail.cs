using System.Net;

namespace Failover.PostgreSql.Names;

/// <summary>Where one name has led, and whether it leads to another machine now. Decides only: nothing in it waits or asks. For one caller.</summary>
internal sealed class NameTrail
{
    /// <summary>A name that comes back to an address within this time rotates: connections to the others are as good as before.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPAddress, TimeSpan> _left = [];
    private HashSet<IPAddress> _now = [];

    /// <summary>Takes an answer in. An empty one is none: what is known to work is kept.</summary>
    /// <param name="answer">The addresses, in whatever order.</param>
    /// <param name="at">The time, on a clock that only goes forward.</param>
    /// <returns>Whether every connection that was opened by the name leads to a machine that the name has left.</returns>
    internal bool Take(IReadOnlyCollection<IPAddress> answer, TimeSpan at)
    {
        if (answer.Count == 0)
        {
            return false;
        }

        foreach (IPAddress old in _left.Where(left => at - left.Value >= Memory).Select(static left => left.Key).ToArray())
        {
            _left.Remove(old);
        }

        bool isElsewhere = _now.Count > 0 && !_now.Overlaps(answer) && !answer.Any(_left.ContainsKey);
        foreach (IPAddress gone in _now.Except(answer))
        {
            _left[gone] = at;
        }

        _now = [.. answer];
        foreach (IPAddress here in _now)
        {
            _left.Remove(here);
        }

        return isElsewhere;
    }
}
