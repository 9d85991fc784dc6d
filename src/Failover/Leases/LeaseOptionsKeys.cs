using Failover.Configuration;

namespace Failover.Leases;

/// <summary>The keys of <see cref="LeaseOptions"/>, with the ranges that its documentation promises.</summary>
internal static class LeaseOptionsKeys
{
    internal const int MaxHolder = 200;

    internal static readonly OptionsKeys<LeaseOptions> Table = new OptionsKeys<LeaseOptions>()
        .Time("Duration", o => o.Duration, (o, v) => o.Duration = v, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10))
        .OptionalTime("Margin", o => o.Margin, (o, v) => o.Margin = v, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5))
        .Time("RetryInterval", o => o.RetryInterval, (o, v) => o.RetryInterval = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
        .Text("Holder", o => o.Holder, (o, v) => o.Holder = v ?? "")
        .Rule(static (o, check) =>
        {
            if (!check.IsRefused("Margin") && o.Margin is { } margin && (margin < o.Duration / 100 || margin > o.Duration / 2))
            {
                check.Refuse("Margin", margin, $"must be from a hundredth to a half of Duration ({Shown.Value("Duration", o.Duration)})");
            }

            if (!check.IsRefused("Holder") && (string.IsNullOrWhiteSpace(o.Holder) || o.Holder.Length > MaxHolder || o.Holder.Any(char.IsControl)))
            {
                check.Refuse("Holder", o.Holder, $"must be a name of 1 to {MaxHolder} characters, without control characters");
            }
        });

    /// <summary>All that is wrong.</summary>
    internal static IReadOnlyList<string> Problems(string prefix, LeaseOptions options)
    {
        var check = new OptionsCheck(prefix);
        Table.Check(options, check);
        return check.Problems;
    }
}
