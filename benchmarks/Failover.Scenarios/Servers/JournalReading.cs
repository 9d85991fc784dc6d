using System.Globalization;

namespace Failover.Scenarios.Servers;

/// <summary>One server's journal, read after the run.</summary>
internal sealed class JournalReading
{
    private readonly List<(long At, string Path)> _hits = [];
    private readonly List<string> _executed = [];

    internal JournalReading(string path)
    {
        HashSet<string> open = [];
        int starts = 0;
        foreach (string line in File.ReadLines(path))
        {
            // A line that a SIGKILL cut short has no use.
            string[] parts = line.Split(' ');
            if (parts.Length < 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long at))
            {
                continue;
            }

            switch (parts)
            {
                case [_, "started"] when ++starts == 2:
                    InFlightAtKill = open.Count;
                    break;
                case [_, "begin", string asked, string call]:
                    _hits.Add((at, asked));
                    if (asked != ServerPaths.Health)
                    {
                        open.Add(call);
                    }

                    break;
                case [_, "executed", string call]:
                    _executed.Add(call);
                    break;
                case [_, "end", string call]:
                    open.Remove(call);
                    break;
            }
        }
    }

    /// <summary>Requests that had begun and not ended when the server's first life did.</summary>
    internal int InFlightAtKill { get; }

    /// <summary>The calls of POSTs that took effect; one that took effect twice stands there twice.</summary>
    internal IReadOnlyList<string> Executed => _executed;

    /// <summary>How many requests reached the server, probes apart.</summary>
    internal int Hits(Func<long, bool> when) => _hits.Count(hit => hit.Path != ServerPaths.Health && when(hit.At));
}
