namespace Failover;

/// <summary>How a probe ended.</summary>
public enum ProbeOutcome
{
    /// <summary>The member answered as it should.</summary>
    Succeeded,

    /// <summary>The member itself said no: it refused or broke the connection, gave an answer that says no, or one that is not one. Calls that succeed do not contradict it; a probe that succeeds does.</summary>
    Failed,

    /// <summary>No answer came: not in time, or there was no way to the member. Calls that succeed since then contradict it, where members are chosen by their order.</summary>
    TimedOut,

    /// <summary>The member answered that it is about to leave: move away from it, without counting a failure.</summary>
    Draining,
}
