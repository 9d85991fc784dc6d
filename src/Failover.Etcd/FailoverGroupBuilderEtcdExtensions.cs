using Failover.Etcd.Registration;
using Failover.Etcd.Watching;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Failover.Etcd;

/// <summary>Wakes a group up that is made without a container.</summary>
public static class FailoverGroupBuilderEtcdExtensions
{
    /// <summary>Lets the group look at its members as soon as a key of etcd changes hands.</summary>
    /// <param name="group">The builder of the group.</param>
    /// <param name="etcd">Where etcd is. <see cref="EtcdOptions.Watch"/> is not used. Not to be changed later.</param>
    /// <param name="key">The key: <c>/service/shop/leader</c>.</param>
    /// <exception cref="OptionsValidationException">The settings are invalid; it names all that is wrong with them.</exception>
    public static FailoverGroupBuilder AddEtcdWatch(this FailoverGroupBuilder group, EtcdOptions etcd, string key)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(etcd);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        IReadOnlyList<string> problems = EtcdKeys.Problems(etcd, "Etcd");
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(group.Name, typeof(EtcdOptions), problems);
        }

        return group.AddHintSource((time, loggers) => new KeyWatch(() => new(etcd, key), loggers.CreateLogger("Failover.Etcd"), time));
    }

    /// <summary>Lets the group look at its members as soon as Patroni's leader key changes hands: <c>/service/&lt;scope&gt;/leader</c>.</summary>
    /// <param name="group">The builder of the group.</param>
    /// <param name="etcd">Where etcd is. <see cref="EtcdOptions.Watch"/> is not used. Not to be changed later.</param>
    /// <param name="scope">The cluster's name: <c>scope</c> in patroni.yml.</param>
    /// <exception cref="OptionsValidationException">The settings are invalid; it names all that is wrong with them.</exception>
    public static FailoverGroupBuilder WatchPatroniLeader(this FailoverGroupBuilder group, EtcdOptions etcd, string scope) =>
        group.AddEtcdWatch(etcd, PatroniKeys.Leader(scope));
}
