namespace Failover.Redis;

/// <summary>What became of a command of StackExchange.Redis that failed: <see cref="RedisOutcome"/>.</summary>
public enum RedisExecution
{
    /// <summary>It was not executed: it was never sent, or the server refused it for its own state before it ran anything. It may be done again.</summary>
    NotExecuted,

    /// <summary>The server, or the library, said no to the command itself: a wrong type, a wrong argument, no permission, a script that failed. Doing it again changes nothing; a script may have done a part.</summary>
    Refused,

    /// <summary>It was on its way when its connection was lost or its time was up: it may have been executed.</summary>
    Unknown,
}
