namespace Failover.Kubernetes;

/// <summary>Where in a cluster the Lease objects are, and what they are called.</summary>
public sealed class KubernetesLeaseOptions
{
    /// <summary>Gets or sets the namespace of the Lease objects. It must be there, and the same for all hosts that shall see each other.</summary>
    /// <value>The default is null: the pod's own; outside of a cluster that of the kubeconfig's context, or <c>default</c>. A label of 1 to 63 characters, as Kubernetes asks for.</value>
    public string? Namespace { get; set; }

    /// <summary>
    /// Gets or sets what the names of the Lease objects begin with. The rest is the resource where Kubernetes takes that for a name: <c>nightly</c> is <c>failover-nightly</c>. Of any other it is what can be read of it, and a hash of all of it.
    /// </summary>
    /// <value>The default is <c>failover-</c>; up to 100 of the characters a-z, 0-9, <c>-</c> and <c>.</c>, with a name of its own for each application of a namespace. It may be empty.</value>
    public string NamePrefix { get; set; } = "failover-";
}
