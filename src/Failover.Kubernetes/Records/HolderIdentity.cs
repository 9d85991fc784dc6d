namespace Failover.Kubernetes.Records;

/// <summary>What stands in <c>holderIdentity</c>: who holds the lease, and by which attempt.</summary>
internal static class HolderIdentity
{
    /// <summary>Stands in a record of which is not known whether somebody still acts by an earlier one: it is held by nobody, and runs out like any other.</summary>
    internal const string Nobody = "nobody";

    internal static string Of(LeaseRequest request) => $"{request.Holder}_{request.Attempt:N}";

    /// <summary>Who it is; null for nobody. Of an identity that others have written, all of it.</summary>
    internal static string? NameOf(string? identity)
    {
        if (string.IsNullOrEmpty(identity) || identity == Nobody)
        {
            return null;
        }

        int end = identity.LastIndexOf('_');
        return end > 0 && Guid.TryParseExact(identity.AsSpan(end + 1), "N", out _) ? identity[..end] : identity;
    }
}
