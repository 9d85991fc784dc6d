namespace Failover.TestBackend;

/// <summary>What is wrong with the server now: <c>none</c>, <c>status</c> (answers that status), <c>hang</c> (answers nothing), <c>delay</c> (answers late), <c>reset</c> (breaks the connection).</summary>
internal sealed class Fault
{
    private volatile Tuple<string, int> _now = new("none", 0);

    internal void Set(string kind, int value) => _now = new(kind, value);

    /// <summary>Returns whether the request has been dealt with.</summary>
    internal async Task<bool> ApplyAsync(HttpContext context)
    {
        (string kind, int value) = _now;
        switch (kind)
        {
            case "status":
                context.Response.StatusCode = value;
                return true;
            case "hang":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return true;
            case "delay":
                await Task.Delay(value, context.RequestAborted);
                return false;
            case "reset":
                context.Abort();
                return true;
            default:
                return false;
        }
    }
}
