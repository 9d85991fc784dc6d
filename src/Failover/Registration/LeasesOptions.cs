using Failover.Configuration;
using Failover.Leases;

namespace Failover.Registration;

/// <summary>The settings of all leases, by what they are for: <c>Failover:Leases:&lt;name&gt;</c>.</summary>
internal sealed class LeasesOptions
{
    internal IDictionary<string, LeaseOptions> Leases { get; } = new Dictionary<string, LeaseOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings of one lease, with what code changes of them.</summary>
    internal LeaseOptions Of(string resource, Action<LeaseOptions>? configured)
    {
        LeaseOptions options = Leases.TryGetValue(resource, out LeaseOptions? read)
            ? new() { Duration = read.Duration, Margin = read.Margin, RetryInterval = read.RetryInterval, Holder = read.Holder }
            : new();
        configured?.Invoke(options);
        return options;
    }

    /// <summary>Makes the keys, with rules for the leases that are known.</summary>
    /// <param name="gates">The gates that are registered.</param>
    /// <param name="groups">Gives the names of the groups: those may have an arbiter, too.</param>
    internal static OptionsKeys<LeasesOptions> Keys(IReadOnlyCollection<ArbiterBuilder> gates, Func<IEnumerable<string>> groups) =>
        new OptionsKeys<LeasesOptions>().Each(static options => options.Leases, LeaseOptionsKeys.Table).Rule((options, check) =>
        {
            string[] known = [.. gates.Select(static gate => gate.Resource).Concat(groups()).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
            foreach (string name in options.Leases.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)))
            {
                string[] near = Nearest.To(name, known);
                check.Refuse(name, $"belongs to no gate and no group{(near.Length > 0 ? $"; did you mean {string.Join(" or ", near)}?" : $"; known are {string.Join(", ", known)}")}");
            }

            foreach (ArbiterBuilder gate in gates)
            {
                if (!gate.HasStore)
                {
                    check.Refuse(gate.Resource, $"has no place where it is kept: call {ArbiterBuilder.Stores} for the gate");
                }

                OptionsCheck below = check.Below(gate.Resource);
                LeaseOptionsKeys.Table.Check(options.Of(gate.Resource, gate.Configured), below);
                check.Take(gate.Resource, below);
            }
        });
}
