namespace Quickstart.Load;

/// <summary>One time that a request was sent to a server. A request that is sent again elsewhere makes two attempts.</summary>
/// <param name="Authority">To which server.</param>
/// <param name="Phase">In which phase it was sent.</param>
/// <param name="Sent">When.</param>
/// <param name="Ended">When its answer or its failure came.</param>
/// <param name="Answered">Whether a 2xx answer came.</param>
internal sealed record Attempt(string Authority, int Phase, TimeSpan Sent, TimeSpan Ended, bool Answered);
