namespace Failover.Keepalived.Watching;

/// <summary>Something about both nodes that is not told before a second look, for during a move it is so for a moment.</summary>
/// <param name="Since">When it was so first.</param>
/// <param name="Answers">How many answers of the peer had been heard by then.</param>
/// <param name="HasAsked">Whether the peer was asked for the second look.</param>
internal sealed record Doubt(TimeSpan Since, long Answers, bool HasAsked)
{
    /// <summary>Whether it was so for long enough, and the peer has answered since.</summary>
    internal bool IsSure(TimeSpan now, TimeSpan delay, long answers) => now - Since >= delay && answers > Answers;
}
