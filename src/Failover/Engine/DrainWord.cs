namespace Failover.Engine;

/// <summary>To whom a member said that it is leaving. That tells what its silence means: one that says it only to calls has taken nothing back by answering a probe without it.</summary>
internal enum DrainWord
{
    /// <summary>To nobody: it is not drained, or people drained it.</summary>
    None,

    /// <summary>To calls only.</summary>
    ToCalls,

    /// <summary>To a probe; or it has refused one since, so that what answers next is another process. A probe that it answers well without saying it again ends the drain.</summary>
    ToProbe,
}
