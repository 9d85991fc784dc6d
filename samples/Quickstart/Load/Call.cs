namespace Quickstart.Load;

/// <summary>How a request ended for its caller.</summary>
internal enum CallEnd
{
    /// <summary>It has not ended yet.</summary>
    Waiting,

    /// <summary>A 2xx answer came.</summary>
    Done,

    /// <summary>A POST that was surely not executed: it never left, or it was answered with 503.</summary>
    Refused,

    /// <summary>A POST that was sent and got no answer: whether it was executed cannot be known from here.</summary>
    Unknown,

    /// <summary>Any other end.</summary>
    Failed,
}

/// <summary>One request as its caller sees it.</summary>
/// <param name="Order">The number of the order; each POST has its own.</param>
/// <param name="IsPost">Whether it is a POST; else it is a GET.</param>
/// <param name="Phase">In which phase it was due.</param>
/// <param name="Due">When it was due. Its duration counts from here, so that a load generator that falls behind hides nothing.</param>
internal sealed record Call(int Order, bool IsPost, int Phase, TimeSpan Due)
{
    internal TimeSpan Ended { get; private set; }

    internal CallEnd End { get; private set; }

    /// <summary>Why it did not end well.</summary>
    internal string? Reason { get; private set; }

    internal TimeSpan Duration => Ended - Due;

    internal void Finish(TimeSpan ended, CallEnd end, string? reason)
    {
        Ended = ended;
        Reason = reason;
        End = end;
    }
}
