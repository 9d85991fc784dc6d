using Polly;

namespace Failover.Polly;

/// <summary>Which member an attempt goes to.</summary>
public static class FailoverResilienceContextExtensions
{
    /// <summary>Under this key a context holds the member of the attempt under way; after the execution, the member that was tried last.</summary>
    public static readonly ResiliencePropertyKey<FailoverMember> MemberKey = new("Failover.Member");

    /// <summary>Gets the member that the attempt under way should call.</summary>
    /// <param name="context">The context that the callback was given.</param>
    /// <exception cref="InvalidOperationException">The pipeline has no failover strategy around the caller.</exception>
    public static FailoverMember GetFailoverMember(this ResilienceContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Properties.TryGetValue(MemberKey, out FailoverMember? member)
            ? member
            : throw new InvalidOperationException("No member was chosen: the pipeline has no failover strategy here. Add it with AddFailover(…), and call this inside the callback.");
    }
}
