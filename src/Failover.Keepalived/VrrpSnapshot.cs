using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Failover.Keepalived;

/// <summary>What this node knows of the virtual address at one instant. Immutable.</summary>
public sealed record VrrpSnapshot
{
    /// <summary>Gets how this node stands.</summary>
    public required VrrpStanding Standing { get; init; }

    /// <summary>Gets whether the address is on an interface of this node.</summary>
    public required bool OwnsAddress { get; init; }

    /// <summary>Gets the credit that keepalived should count.</summary>
    public required Credit Credit { get; init; }

    /// <summary>Gets whether keepalived has acknowledged that credit; null while it is waited for.</summary>
    public required bool? IsAcknowledged { get; init; }

    /// <summary>Gets what is wrong, in a few words for people; null if nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets why the credit is what it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets what can see another holder of the address, each with what it sees, or why it is absent.</summary>
    public ImmutableArray<string> Detectors { get; init; } = [];

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Standing = {Standing}, OwnsAddress = {OwnsAddress}, Credit = {Credit}, IsAcknowledged = {IsAcknowledged}, Problem = {Problem}, Reason = {Reason}, Detectors = [{string.Join("; ", Detectors)}]");
        return true;
    }
}
