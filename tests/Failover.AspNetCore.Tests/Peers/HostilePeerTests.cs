using System.Net.Sockets;
using System.Text;
using Failover.HealthChecks;
using Failover.TestServers.Network;

namespace Failover.AspNetCore.Tests.Peers;

/// <summary>What answers in place of a peer: a proxy, another host, half a process. None of it is evidence, and none of it throws.</summary>
public class HostilePeerTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    private const string Lie = """{"node":"b","clock":1,"operational":true,"canServe":true,"alive":true,"groups":[],"checks":[]}""";

    public static TheoryData<string, string> Answers => new()
    {
        { "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "status 302" },
        { "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "status 503" },
        { "HTTP/1.1 204 No Content\r\n\r\n", "status 204" },
        { "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "refused" },
        { $"{Head}Content-Length: {Lie.Length}\r\n\r\n{Lie}", "not signed by our key" },
        { $"{Head}Failover-Peer: v1;AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\nContent-Length: {Lie.Length}\r\n\r\n{Lie}", "not signed by our key" },
        { $"{Head}Failover-Peer: v1;x\r\nFailover-Peer: v1;y\r\nContent-Length: {Lie.Length}\r\n\r\n{Lie}", "not signed by our key" },
        { $"{Head}Content-Length: 1000\r\n\r\n{Lie}", "HttpIOException" },
        { $"{Head}Transfer-Encoding: chunked\r\n\r\nffffffff\r\nxx", "HttpIOException" },
        { $"{Head}Content-Length: 70000\r\n\r\n{new string('x', 70_000)}", "more than 64 KiB" },
        { "garbage\r\n\r\n", "HttpRequestException" },
        { "", "HttpRequestException" },
        { $"HTTP/1.1 200 OK\r\nX: {new string('x', 100_000)}\r\n\r\n", "HttpRequestException" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task It_is_no_evidence(string answer, string outcome)
    {
        await using Impostor impostor = new(_ => Task.FromResult<string?>(answer));
        await using App app = await PeerNodes.StartAsync("a", impostor.Port);

        await app.OutcomeAsync(told => told.StartsWith(outcome, StringComparison.Ordinal), outcome);

        Assert.Equal((null, null, null), (app.Peer().FreshUntil, app.Peer().Node, app.Peer().CanServe));
        await App.UntilAsync(() => app.Logged("PeerNotHeard").Length > 0, "it is logged");
        Assert.All(app.Logged("PeerNotHeard"), record => Assert.DoesNotContain(PeerNodes.Key, record.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_never_answers_is_left_when_the_time_is_over()
    {
        await using Impostor impostor = new(_ => Task.FromResult<string?>(null));
        await using App app = await PeerNodes.StartAsync("a", impostor.Port, null, ("Timeout", "00:00:00.300"));

        await app.OutcomeAsync(told => told == "no answer in time", "the time is over");
        await App.UntilAsync(() => impostor.Requests >= 3 && app.Logged("PeerNotHeard").Length > 0, "it is asked again");

        Assert.Single(app.Logged("PeerNotHeard"));
    }

    [Fact]
    public async Task Who_stops_in_the_middle_is_left_when_the_time_is_over()
    {
        await using Impostor impostor = new(_ => Task.FromResult<string?>($"{Head}Content-Length: 1000\r\n\r\n{Lie}"), closes: false);
        await using App app = await PeerNodes.StartAsync("a", impostor.Port, null, ("Timeout", "00:00:00.300"));

        await app.OutcomeAsync(told => told == "no answer in time", "the time is over");
    }

    [Fact]
    public async Task Who_passes_a_true_answer_on_is_believed_and_who_changes_it_or_sends_an_old_one_is_not()
    {
        await using App b = await PeerNodes.StartAsync("b", 0);
        Func<string, string> change = answer => answer;
        string? first = null;
        await using Impostor proxy = new(async request =>
        {
            string answer = await Wire.AskAsync(b.Port, request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal));
            first ??= answer;
            return Volatile.Read(ref change)(answer);
        });
        await using App app = await PeerNodes.StartAsync("a", proxy.Port);
        await app.OutcomeAsync(told => told == "heard", "a true answer is believed");

        Volatile.Write(ref change, answer => answer.Replace("\"canServe\":true", "\"canServe\":null", StringComparison.Ordinal));
        await app.OutcomeAsync(told => told == "not signed by our key", "a changed one is not");

        Volatile.Write(ref change, answer => answer);
        await app.OutcomeAsync(told => told == "heard", "a true answer is believed again");

        Volatile.Write(ref change, _ => first!);
        await app.OutcomeAsync(told => told == "not signed by our key", "an old one is not");
    }

    [Fact]
    public async Task Who_sends_our_own_answer_back_proves_nothing()
    {
        TaskCompletionSource<App> self = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Impostor mirror = new(async request => await Wire.AskAsync((await self.Task).Port, request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)));
        await using App app = await PeerNodes.StartAsync("a", mirror.Port);
        self.SetResult(app);

        await app.OutcomeAsync(told => told.StartsWith("it is called a, like this node", StringComparison.Ordinal), "it is itself");

        Assert.Null(app.Peer().FreshUntil);
    }

    /// <summary>Answers each connection with what it is told to, and closes it.</summary>
    private sealed class Impostor : IAsyncDisposable
    {
        private readonly Acceptor _acceptor;
        private readonly Func<string, Task<string?>> _answer;
        private readonly bool _closes;
        private int _requests;

        /// <param name="answer">What to say to a request; null for nothing.</param>
        /// <param name="closes">Whether it closes after that.</param>
        internal Impostor(Func<string, Task<string?>> answer, bool closes = true)
        {
            (_answer, _closes) = (answer, closes);
            _acceptor = new(ServeAsync);
        }

        internal int Port => _acceptor.EndPoint.Port;

        internal int Requests => Volatile.Read(ref _requests);

        public ValueTask DisposeAsync() => _acceptor.DisposeAsync();

        private async Task ServeAsync(TcpClient client, CancellationToken stop)
        {
            NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[8192];
            int length = await stream.ReadAsync(buffer, stop);
            Interlocked.Increment(ref _requests);
            string? said = await _answer(Encoding.Latin1.GetString(buffer, 0, length)).WaitAsync(stop);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(said ?? ""), stop);
            if (said is null || !_closes)
            {
                _ = await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, stop);
            }
        }
    }
}
