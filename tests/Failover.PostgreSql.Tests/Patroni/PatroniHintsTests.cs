using Failover.PostgreSql.Nodes;
using Failover.PostgreSql.Patroni;
using Failover.TestServers.Http;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.PostgreSql.Tests.Patroni;

/// <summary>Against servers that say what a real Patroni said, and against such as lie and hang.</summary>
public sealed class PatroniHintsTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly FakeLogCollector _logs = new();
    private readonly List<FailoverMember> _members = [ClusterString.MemberOf(null, "127.0.0.1", 25431), ClusterString.MemberOf(null, "127.0.0.1", 25432)];
    private Task _listening = Task.CompletedTask;
    private volatile string _answer = Recorded.Steady;
    private int _answers;
    private int _hints;
    private int _changes;

    [Fact]
    public async Task Each_step_of_a_real_switchover_is_told_once_and_the_same_answer_again_is_not()
    {
        await using RudeServer patroni = Honest();
        Listen(Options(patroni));
        await AnsweredAsync(3);
        Assert.Equal(0, _hints);

        foreach (string step in (string[])[Recorded.Stopping, Recorded.Taken, Recorded.Moved])
        {
            int before = _hints;
            _answer = step;
            await UntilAsync(() => _hints > before);
            await AnsweredAsync(_answers + 3);
            Assert.Equal(before + 1, _hints);
        }

        Assert.Equal(["PatroniAnswers"], Told());
    }

    [Theory]
    [InlineData(Recorded.Paused)]
    [InlineData(Recorded.Scheduled)]
    public async Task A_pause_or_a_planned_switchover_is_told(string answer)
    {
        await using RudeServer patroni = Honest();
        Listen(Options(patroni));
        await AnsweredAsync(2);

        _answer = answer;
        await UntilAsync(() => _hints == 1);
    }

    [Theory]
    [InlineData("hangs", "no answer within 00:00:00.5000000")]
    [InlineData("closes", "ResponseEnded")]
    [InlineData("says garbage", "InvalidResponse")]
    [InlineData("says half an answer", "ResponseEnded")]
    [InlineData("says half an answer and hangs", "no answer within 00:00:00.5000000")]
    [InlineData("says a page", "its answer cannot be read")]
    [InlineData("never ends", "its answer is too long")]
    [InlineData("redirects", "it answered 302")]
    [InlineData("refuses", "it answered 401")]
    [InlineData("has no store", "it answered 503")]
    public async Task An_endpoint_that_gives_no_answer_is_told_once_and_left_for_the_next(string manner, string evidence)
    {
        await using RudeServer patroni = Honest();
        await using RudeServer rude = new((_, write, ending) => BeRudeAsync(manner, patroni.Endpoint, write, ending));
        PatroniOptions alone = Options(rude), both = Options(rude, patroni);
        PatroniOptions inForce = alone;
        Listen(() => inForce);

        // One question is several requests where the connection is closed: the client sends it again before anything is told.
        await UntilAsync(() => Told().Count > 0);
        int requests = rude.Requests.Count;
        await UntilAsync(() => rude.Requests.Count > requests + 4);
        Assert.Equal(["PatroniSilent"], Told());
        Assert.Contains(evidence, _logs.LatestRecord.Message, StringComparison.Ordinal);
        Assert.Equal(0, _answers);

        inForce = both;
        await AnsweredAsync(2);
        _answer = Recorded.Moved;
        await UntilAsync(() => _hints == 1);
        Assert.Equal(["PatroniSilent", "PatroniAnswers"], Told());
    }

    [Fact]
    public async Task Nothing_but_the_question_is_sent()
    {
        await using RudeServer patroni = Honest();
        Listen(Options(patroni));
        await AnsweredAsync(1);

        Assert.Equal($"GET /cluster HTTP/1.1\r\nHost: {new Uri(patroni.Endpoint).Authority}\r\n\r\n", patroni.Requests.First());
    }

    [Fact]
    public async Task A_node_that_Patroni_names_becomes_a_member_and_goes_when_the_leader_has_left_it_out_twice()
    {
        await using RudeServer leader = Honest();
        _answer = Listing(leader, 1, 2, 3);
        PatroniOptions options = Options(leader);
        options.DiscoverMembers = true;
        Listen(options);
        await UntilAsync(() => Names() == "pg-1 pg-2 pg-3");
        Assert.Equal(1, _changes);

        _answer = Listing(leader, 1, 3);
        await UntilAsync(() => Names() == "pg-1 pg-3");
        Assert.Equal(2, _changes);
    }

    [Fact]
    public async Task A_standby_that_leaves_members_out_takes_none_away_while_the_leader_which_is_asked_then_names_them()
    {
        RudeServer? itself = null;
        int asked = 0;

        // Without an answer at first, so that the standby is the one that is asked for good.
        await using RudeServer leader = new((_, write, _) => write(Interlocked.Increment(ref asked) == 1 ? RudeServer.Answer("", 503) : RudeServer.Answer(Listing(itself!, 1, 2))));
        itself = leader;
        await using RudeServer standby = new((_, write, _) => write(RudeServer.Answer(Listing(leader, 1))));
        PatroniOptions options = Options(standby);
        options.DiscoverMembers = true;
        options.Endpoints = [standby.Endpoint, leader.Endpoint];
        Listen(options);

        await UntilAsync(() => standby.Requests.Count > 4 && leader.Requests.Count > 4);
        Assert.Equal(0, _changes);
    }

    [Fact]
    public async Task What_is_not_allowed_is_told_once_and_changes_nothing()
    {
        await using RudeServer leader = Honest();
        _answer = Listing(leader, 1, 2).Replace("127.0.0.1\", \"port\": 25432", "192.0.2.66\", \"port\": 25432", StringComparison.Ordinal);
        PatroniOptions options = Options(leader);
        options.DiscoverMembers = true;
        Listen(options);

        await AnsweredAsync(4);
        Assert.Equal(0, _changes);
        Assert.Equal(["PatroniAnswers", "FoundMembersRefused"], Told());
        Assert.Contains("192.0.2.66:25432 is not allowed", _logs.LatestRecord.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _listening;
        _ending.Dispose();
    }

    private static PatroniOptions Options(params RudeServer[] servers) => new()
    {
        Endpoints = [.. servers.Select(static server => server.Endpoint)],
        Interval = TimeSpan.FromMilliseconds(20),
        Timeout = TimeSpan.FromMilliseconds(500),
    };

    private static string Listing(RudeServer leader, params int[] nodes)
    {
        IEnumerable<string> members = nodes.Select(i => $$"""{"name": "pg-{{i}}", "role": "{{(i == 1 ? "leader" : "replica")}}", "state": "running", "api_url": "{{(i == 1 ? leader.Endpoint : $"http://127.0.0.1:{i}")}}/patroni", "host": "127.0.0.1", "port": {{25430 + i}}, "timeline": 1}""");
        return $$"""{"members": [{{string.Join(", ", members)}}]}""";
    }

    private static async Task BeRudeAsync(string manner, string other, Func<string, Task> write, CancellationToken ending)
    {
        string answer = RudeServer.Answer(Recorded.Steady);
        switch (manner)
        {
            case "closes":
                return;
            case "says garbage":
                await write("220 mail.example.com ESMTP\r\n");
                break;
            case "says half an answer":
                await write(answer[..^20]);
                return;
            case "says half an answer and hangs":
                await write(answer[..^20]);
                break;
            case "says a page":
                await write(RudeServer.Answer("<html>members</html>"));
                return;
            case "never ends":
                await write("HTTP/1.0 200 OK\r\n\r\n");
                while (!ending.IsCancellationRequested)
                {
                    await write(new string(' ', 8192));
                }

                return;
            case "redirects":
                await write(RudeServer.Answer("", 302, $"Location: {other}/cluster\r\n"));
                return;
            case "refuses":
                await write(RudeServer.Answer(Recorded.Steady, 401));
                return;
            case "has no store":
                await write(RudeServer.Answer(Recorded.Steady, 503));
                return;
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, ending);
    }

    /// <summary>As Patroni does it: HTTP/1.0, and the end of the connection is that of the answer.</summary>
    private RudeServer Honest() => new(async (_, write, _) =>
    {
        await write($"HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6 Python/3.11.2\r\nContent-Type: application/json\r\n\r\n{_answer}");
        Interlocked.Increment(ref _answers);
    });

    private void Listen(PatroniOptions options) => Listen(() => options);

    private void Listen(Func<PatroniOptions> options)
    {
        AllowedMembers allowed = AllowedNodesTests.Allowed("Host=127.0.0.1:25431", "127.0.0.0/24");
        PatroniHints hints = new("db", () => new(options(), allowed), Members, SetMembers, new FakeLogger(_logs), TimeProvider.System);
        _listening = ListenAsync(hints);
    }

    private FailoverMember[] Members()
    {
        lock (_members)
        {
            return [.. _members];
        }
    }

    private void SetMembers(IEnumerable<FailoverMember> members)
    {
        lock (_members)
        {
            _members.Clear();
            _members.AddRange(members);
            _changes++;
        }
    }

    private string Names() => string.Join(' ', Members().Select(static member => member.Name));

    private List<string?> Told() => [.. _logs.GetSnapshot().Select(static one => one.Id.Name)];

    private async Task ListenAsync(PatroniHints hints)
    {
        try
        {
            await foreach (Hint hint in hints.ReadHintsAsync(_ending.Token))
            {
                Assert.Equal((HintKind.LookNow, "patroni-rest", null), (hint.Kind, hint.Source, hint.Member));
                Interlocked.Increment(ref _hints);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
        }
    }

    private Task AnsweredAsync(int times) => UntilAsync(() => Volatile.Read(ref _answers) >= times);

    private async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            if (_listening.IsCompleted)
            {
                await _listening;
            }

            await look.WaitForNextTickAsync(limit.Token);
        }
    }
}
