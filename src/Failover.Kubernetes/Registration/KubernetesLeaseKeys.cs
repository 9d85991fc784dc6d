using Failover.Kubernetes.Records;

namespace Failover.Kubernetes.Registration;

/// <summary>The keys of <see cref="KubernetesLeaseOptions"/>, and the rules for their values.</summary>
internal static class KubernetesLeaseKeys
{
    private const int MaxNamespace = 63;
    private const int MaxPrefix = 100;

    internal static readonly OptionsKeys<KubernetesLeaseOptions> Table = new OptionsKeys<KubernetesLeaseOptions>()
        .Text("Namespace", o => o.Namespace, (o, v) => o.Namespace = v)
        .Text("NamePrefix", o => o.NamePrefix, (o, v) => o.NamePrefix = v!)
        .Fixed("Namespace")
        .Fixed("NamePrefix")
        .Rule(static (o, check) =>
        {
            if (o.Namespace is { } space && !IsNamespace(space))
            {
                check.Refuse("Namespace", space, $"must be a name of 1 to {MaxNamespace} of the characters a-z, 0-9 and '-', with a letter or a digit at both ends");
            }

            if (o.NamePrefix is null || o.NamePrefix.Length > MaxPrefix || (o.NamePrefix.Length > 0 && !LeaseName.IsValid($"{o.NamePrefix}x")))
            {
                check.Refuse("NamePrefix", o.NamePrefix, $"must be empty, or up to {MaxPrefix} of the characters a-z, 0-9, '-' and '.' that a name in Kubernetes may begin with");
            }
        });

    /// <summary>All that is wrong.</summary>
    internal static IReadOnlyList<string> Problems(KubernetesLeaseOptions options, string prefix)
    {
        var check = new OptionsCheck(prefix);
        Table.Check(options, check);
        return check.Problems;
    }

    /// <summary>Whether it is a label of RFC 1123.</summary>
    private static bool IsNamespace(string name) => name.Length <= MaxNamespace && !name.Contains('.', StringComparison.Ordinal) && LeaseName.IsValid(name);
}
