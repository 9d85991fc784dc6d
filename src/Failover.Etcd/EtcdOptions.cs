namespace Failover.Etcd;

/// <summary>Where etcd is, and how to talk to it.</summary>
public sealed class EtcdOptions
{
    /// <summary>Gets or sets the addresses for clients, with http or https: <c>https://etcd-a:2379</c>. One that does not answer is left for the next.</summary>
    /// <value>The default is none; whoever watches or keeps leases needs at least one.</value>
    public IList<string> Endpoints { get; set; } = [];

    /// <summary>Gets or sets the user; null where etcd asks for none. The user must be allowed to read the watched keys, and for leases to read and write what stands under <see cref="LeasePrefix"/>.</summary>
    /// <value>The default is null.</value>
    public string? UserName { get; set; }

    /// <summary>Gets or sets the password of the user. It is sent to the endpoints and is shown nowhere.</summary>
    /// <value>The default is null.</value>
    public string? Password { get; set; }

    /// <summary>Gets or sets the file (PEM) of the certificate authority that must have signed the endpoints' certificates; null for those that the system trusts.</summary>
    /// <value>The default is null.</value>
    public string? CertificateAuthorityPath { get; set; }

    /// <summary>Gets or sets the file (PEM) of the certificate that is shown to the endpoints; null for none.</summary>
    /// <value>The default is null.</value>
    public string? ClientCertificatePath { get; set; }

    /// <summary>Gets or sets the file (PEM) of the key of <see cref="ClientCertificatePath"/>; null if it stands in the same file.</summary>
    /// <value>The default is null.</value>
    public string? ClientPrivateKeyPath { get; set; }

    /// <summary>Gets or sets how long an endpoint may take for one answer before the next one is asked.</summary>
    /// <value>The default is 2 seconds; from 100 milliseconds to 1 minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Gets or sets how often the watched key is read beside the watch. A watch is silent while nothing changes, and it is as silent when the endpoint is frozen: this finds it out.
    /// Each group that is watched costs one small read in this time.
    /// </summary>
    /// <value>The default is 3 seconds; from 100 milliseconds to 10 minutes.</value>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets what the keys of leases stand under. Who shares leases shares it.</summary>
    /// <value>The default is <c>/failover/leases</c>; from 2 to 200 characters, with a slash at the beginning and none at the end, and without control characters.</value>
    public string LeasePrefix { get; set; } = "/failover/leases";

    /// <summary>Gets or sets the keys to be watched, by the name of the group that looks at its members when its key changes: <c>db</c> and <c>/service/shop/leader</c>.</summary>
    /// <value>The default is none. Names of groups are compared without regard to case.</value>
    public IDictionary<string, string> Watch { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
