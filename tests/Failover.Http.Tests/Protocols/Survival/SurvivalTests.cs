using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Failover.Http.Tests.Protocols.Survival;

/// <summary>
/// What HTTP does without us, it does with us: each case runs twice against the same real servers, with our handler and without it, and all that the caller and the servers got to see is compared line by line.
/// </summary>
[Collection(nameof(Survival))]
public abstract class SurvivalTests(SurvivalServers servers)
{
    public static TheoryData<Wire> Wires => [Wire.Http1, Wire.Http1Tls, Wire.Http2, Wire.Http2Tls];

    public static TheoryData<Wire> Http1Wires => [Wire.Http1, Wire.Http1Tls];

    public static TheoryData<Wire> Http2Wires => [Wire.Http2, Wire.Http2Tls];

    private protected SurvivalServers Servers => servers;

    /// <summary>Plays a case without us and with us, and fails where the two differ.</summary>
    /// <param name="wire">What is spoken.</param>
    /// <param name="serve">What each of the three servers does.</param>
    /// <param name="call">What the caller does.</param>
    /// <param name="adjust">How the caller sets up the handler that opens connections.</param>
    /// <param name="asksTheNext">Whether some requests fail in a way that makes us ask the next member, too: what that one sees is left out.</param>
    /// <param name="isAtOnce">Whether requests come at once, so that the order in which servers get them says nothing.</param>
    /// <returns>What both have seen.</returns>
    private protected async Task<IReadOnlyList<string>> SameAsync(Wire wire, RequestDelegate serve, Func<Run, Task> call, Action<SocketsHttpHandler>? adjust = null, bool asksTheNext = false, bool isAtOnce = false)
    {
        IReadOnlyList<string> without = await PlayAsync(wire, serve, call, adjust, inner => inner);
        await using FailoverGroup group = GroupOf(servers.Of(wire));
        IReadOnlyList<string> with = await PlayAsync(wire, serve, call, adjust, inner => Run.Over(group, inner));
        if (isAtOnce)
        {
            without = [.. without.Order(StringComparer.Ordinal)];
            with = [.. with.Order(StringComparer.Ordinal)];
        }

        if (asksTheNext)
        {
            Assert.Contains(with, IsOfTheNext);
            with = [.. with.Where(line => !IsOfTheNext(line))];
        }

        Assert.Equal(without, with);
        return with;

        static bool IsOfTheNext(string line) => line.StartsWith("b ", StringComparison.Ordinal);
    }

    /// <summary>Plays a case once.</summary>
    private protected async Task<IReadOnlyList<string>> PlayAsync(Wire wire, RequestDelegate serve, Func<Run, Task> call, Action<SocketsHttpHandler>? adjust, Func<SocketsHttpHandler, HttpMessageHandler> around)
    {
        SurvivalServers.Trio trio = servers.Of(wire);
        var journal = new ConcurrentQueue<SurvivalServer.Entry>();
        trio.Play(serve, journal);
        SocketsHttpHandler transport = Run.NewTransport();
        adjust?.Invoke(transport);
        using var run = new Run(wire, trio, transport, around);
        await call(run);
        await Given.UntilAsync(() => journal.All(entry => entry.Lines is not null), () => "a request is still served");
        return [.. run.Seen.Lines, .. journal.SelectMany(entry => entry.Lines!)];
    }

    private protected static FailoverGroup GroupOf(SurvivalServers.Trio trio) => Given.Group(new FakeProbe(), trio.A.Address.AbsoluteUri, trio.B.Address.AbsoluteUri);
}
