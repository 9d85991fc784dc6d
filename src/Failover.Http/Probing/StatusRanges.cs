using System.Collections.Immutable;
using System.Globalization;

namespace Failover.Http.Probing;

/// <summary>A set of statuses, written like <c>200,204,300-399,4xx</c>.</summary>
internal sealed class StatusRanges
{
    private readonly ImmutableArray<(int First, int Last)> _ranges;

    private StatusRanges(ImmutableArray<(int First, int Last)> ranges) => _ranges = ranges;

    internal bool Contains(int status)
    {
        foreach ((int first, int last) in _ranges)
        {
            if (status >= first && status <= last)
            {
                return true;
            }
        }

        return false;
    }

    internal static StatusRanges? TryParse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var ranges = ImmutableArray.CreateBuilder<(int, int)>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (TryParsePart(part) is not { } range || range.First < 200 || range.Last > 599 || range.First > range.Last)
            {
                return null;
            }

            ranges.Add(range);
        }

        return new(ranges.ToImmutable());
    }

    private static (int First, int Last)? TryParsePart(string part)
    {
        if (part is [>= '2' and <= '5', 'x' or 'X', 'x' or 'X'])
        {
            int hundreds = (part[0] - '0') * 100;
            return (hundreds, hundreds + 99);
        }

        int dash = part.IndexOf('-', StringComparison.Ordinal);
        string first = dash < 0 ? part : part[..dash].TrimEnd();
        string last = dash < 0 ? part : part[(dash + 1)..].TrimStart();
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int from)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int to) ? (from, to) : null;
    }
}
