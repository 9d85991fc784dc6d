using Microsoft.Extensions.Configuration;

namespace Failover.Etcd.Registration;

/// <summary>The keys of <see cref="EtcdOptions"/>, and the rules for their values.</summary>
internal static class EtcdKeys
{
    internal static readonly OptionsKeys<EtcdOptions> Table = new OptionsKeys<EtcdOptions>()
        .Section("Endpoints", ["", "*"], BindEndpoints)
        .Text("UserName", o => o.UserName, (o, v) => o.UserName = v)
        .Text("Password", o => o.Password, (o, v) => o.Password = v)
        .Text("CertificateAuthorityPath", o => o.CertificateAuthorityPath, (o, v) => o.CertificateAuthorityPath = v)
        .Text("ClientCertificatePath", o => o.ClientCertificatePath, (o, v) => o.ClientCertificatePath = v)
        .Text("ClientPrivateKeyPath", o => o.ClientPrivateKeyPath, (o, v) => o.ClientPrivateKeyPath = v)
        .Time("Timeout", o => o.Timeout, (o, v) => o.Timeout = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
        .Time("CheckInterval", o => o.CheckInterval, (o, v) => o.CheckInterval = v, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10))
        .Text("LeasePrefix", o => o.LeasePrefix, (o, v) => o.LeasePrefix = v!).Fixed("LeasePrefix")
        .Section("Watch", ["*"], BindWatch)
        .Rule(CheckEndpoints)
        .Rule(CheckUser)
        .Rule(CheckLeasePrefix)
        .Rule(CheckWatch);

    /// <summary>All that is wrong with options that are given in code.</summary>
    internal static IReadOnlyList<string> Problems(EtcdOptions options, string prefix)
    {
        var check = new OptionsCheck(prefix);
        Range(options.Timeout, "Timeout", TimeSpan.FromMinutes(1), check);
        Range(options.CheckInterval, "CheckInterval", TimeSpan.FromMinutes(10), check);
        CheckEndpoints(options, check);
        CheckUser(options, check);
        CheckLeasePrefix(options, check);
        if (options.Endpoints is { Count: 0 })
        {
            check.Refuse("Endpoints", NoEndpoints);
        }

        return check.Problems;
    }

    private const int MaxLeasePrefix = 200;

    internal const string NoEndpoints = "is missing: it must list at least one address, like https://etcd-a:2379";

    private static void Range(TimeSpan value, string key, TimeSpan maximum, OptionsCheck check)
    {
        if (value < TimeSpan.FromMilliseconds(100) || value > maximum)
        {
            check.Refuse(key, value, $"must be from 00:00:00.100 to {maximum}");
        }
    }

    private static void BindEndpoints(IConfigurationSection section, EtcdOptions options, OptionsCheck check) =>
        options.Endpoints = section.Value is { Length: > 0 } one
            ? [.. one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
            : [.. section.GetChildren().Select(static entry => entry.Value ?? "")];

    private static void BindWatch(IConfigurationSection section, EtcdOptions options, OptionsCheck check)
    {
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            options.Watch[entry.Key] = entry.Value ?? "";
        }
    }

    private static void CheckEndpoints(EtcdOptions options, OptionsCheck check)
    {
        if (options.Endpoints is null)
        {
            check.Refuse("Endpoints", "must be set");
            return;
        }

        for (int i = 0; i < options.Endpoints.Count; i++)
        {
            string? given = options.Endpoints[i];
            if (!Uri.TryCreate(given, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
            {
                check.Refuse($"Endpoints:{i}", given, "must be an address with http or https, like https://etcd-a:2379");
            }
            else if (uri.UserInfo.Length > 0)
            {
                check.Refuse($"Endpoints:{i}", "must not carry user information: addresses are shown in logs; it belongs in UserName and Password");
            }
            else if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
            {
                check.Refuse($"Endpoints:{i}", given, "must be without a path, a query and a fragment");
            }
        }
    }

    private static void CheckUser(EtcdOptions options, OptionsCheck check)
    {
        if (options.UserName is null != options.Password is null)
        {
            check.Refuse(options.UserName is null ? "UserName" : "Password", $"is missing: {(options.UserName is null ? "Password" : "UserName")} is set, and they go together");
        }

        if (options.ClientPrivateKeyPath is not null && options.ClientCertificatePath is null)
        {
            check.Refuse("ClientCertificatePath", "is missing: ClientPrivateKeyPath is set, and they go together");
        }
    }

    private static void CheckLeasePrefix(EtcdOptions options, OptionsCheck check)
    {
        if (options.LeasePrefix is not { Length: >= 2 and <= MaxLeasePrefix } prefix || prefix[0] != '/' || prefix[^1] == '/' || prefix.Any(char.IsControl))
        {
            check.Refuse("LeasePrefix", options.LeasePrefix, $"must be 2 to {MaxLeasePrefix} characters, begin with a slash and not end with one, and be without control characters, like /failover/leases");
        }
    }

    private static void CheckWatch(EtcdOptions options, OptionsCheck check)
    {
        if (options.Watch is null)
        {
            check.Refuse("Watch", "must be set");
            return;
        }

        foreach ((string group, string key) in options.Watch)
        {
            if (string.IsNullOrWhiteSpace(key))
            {
                check.Refuse($"Watch:{group}", "is empty: it must be the key to watch for this group, like /service/shop/leader");
            }
        }

        if (options.Watch.Count > 0 && options.Endpoints is { Count: 0 })
        {
            check.Refuse("Endpoints", NoEndpoints);
        }
    }
}
