namespace Failover.Configuration;

/// <summary>Which names somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>Returns up to three names that are a few letters away, the nearest first.</summary>
    internal static string[] To(string written, IEnumerable<string> names)
    {
        // A long line of nonsense is not worth the work.
        if (written.Length > 64)
        {
            return [];
        }

        int limit = Math.Max(1, Math.Min(3, written.Length / 3));
        return [.. names
            .Select(name => (Name: name, Distance: Distance(written.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(one => one.Distance <= limit)
            .OrderBy(one => one.Distance).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => one.Name)
            .Take(3)];
    }

    // Letters to insert, drop, replace or swap with their neighbour.
    private static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int replace = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
