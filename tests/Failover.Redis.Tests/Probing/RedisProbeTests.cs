using System.Net;
using System.Net.Sockets;
using System.Text;
using Failover.Redis.Probing;
using Failover.TestServers.Sentinel;

namespace Failover.Redis.Tests.Probing;

/// <summary>What becomes of the answers of nodes that lie, hang, refuse and talk nonsense.</summary>
public sealed class RedisProbeTests
{
    private const string Secret = "Gr4nite-and-moss";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_master_that_the_sentinels_name_is_the_primary_at_their_epoch()
    {
        await using ProbedNode node = ProbedNode.Saying("+PONG\r\n", Info.AsBulk(Info.Master(500)));

        ProbeResult result = await node.ProbeAsync();

        Assert.Equal((ProbeOutcome.Succeeded, MemberRole.Primary, ProbedNode.Epoch, null), (result.Outcome, result.Role, result.Epoch, result.Evidence));
        Assert.Equal(500, node.Nodes.Find(node.Member)!.Last!.Offset);
    }

    [Fact]
    public async Task A_master_that_the_sentinels_do_not_name_lives_and_is_no_primary()
    {
        await using ProbedNode node = ProbedNode.Saying("+PONG\r\n", Info.AsBulk(Info.Master(500)), isNamed: false);

        ProbeResult result = await node.ProbeAsync();

        Assert.Equal((ProbeOutcome.Succeeded, MemberRole.Unknown, null), (result.Outcome, result.Role, result.Epoch));
        Assert.Equal("it says that it is a master, and most of the sentinels do not name it", result.Evidence);
    }

    [Theory]
    [InlineData("+PONG", 5, false, 5.0)]
    [InlineData("-LOADING Redis is loading the dataset in memory", 5, false, null)]
    [InlineData("-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 5, false, null)]
    [InlineData("+PONG", 5, true, null)]
    [InlineData("+PONG", -1, false, null)]
    public async Task A_replica_lives_whatever_it_refuses_and_is_readable_only_if_it_answers_and_tells_its_lag(string ping, int downFor, bool isCopying, double? lag)
    {
        await using ProbedNode node = ProbedNode.Saying(ping + "\r\n", Info.AsBulk(Info.Replica(500, downFor: downFor, isCopying: isCopying)));

        ProbeResult result = await node.ProbeAsync();

        Assert.Equal((ProbeOutcome.Succeeded, MemberRole.Replica), (result.Outcome, result.Role));
        Assert.Equal(lag, result.Lag?.TotalSeconds);
        Assert.Equal(lag is null, result.Evidence is not null);
    }

    [Fact]
    public async Task A_master_that_cannot_save_goes_on_as_primary_since_nobody_else_can_serve_and_says_why()
    {
        await using ProbedNode node = ProbedNode.Saying("-MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.\r\n", Info.AsBulk(Info.Master(500)));

        ProbeResult result = await node.ProbeAsync();

        Assert.Equal((ProbeOutcome.Succeeded, MemberRole.Primary), (result.Outcome, result.Role));
        Assert.Equal("it takes no writes, since it cannot save (MISCONF)", result.Evidence);
        Assert.Equal(Refusal.CannotSave, node.Nodes.Find(node.Member)!.Last!.Refuses);
    }

    [Theory]
    [InlineData("-LOADING Redis is loading the dataset in memory\r\n", null, "Redis refuses commands: it loads its data (LOADING)")]
    [InlineData("-ERR " + Secret + "\r\n", null, "Redis refuses commands: it answers with an error")]
    [InlineData("-BUSY Redis is busy running a script.\r\n", "-BUSY Redis is busy running a script.\r\n", "Redis refuses the probe: a script runs for too long (BUSY)")]
    [InlineData("-NOAUTH Authentication required.\r\n", "-NOAUTH Authentication required.\r\n", "Redis refuses the probe: it does not take the user and password of the group (WRONGPASS or NOAUTH)")]
    [InlineData("+PONG\r\n", "-NOPERM this user " + Secret + " has no permissions to run the 'info' command\r\n", "Redis refuses the probe: the user of the group may not ask PING and INFO (NOPERM)")]
    [InlineData("+PONG\r\n", "-" + Secret + "\r\n", "Redis refuses the probe: it answers with an error")]
    [InlineData("+" + Secret + "\r\n", null, "its answer is none of Redis")]
    [InlineData("+PONG\r\n", "+role:master\r\n", "its answer is none of Redis")]
    [InlineData("+PONG\r\n", ":1\r\n", "its answer is none of Redis")]
    [InlineData("+PONG\r\n", "$-1\r\n", "its answer is none of Redis")]
    [InlineData("+PONG\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "An answer does not begin as one of RESP2 does.")]
    [InlineData("+PONG\r\n", "$99999999999\r\n", "A string has an impossible length, or is too long.")]
    public async Task What_is_no_yes_is_a_failure_with_a_reason_that_repeats_nothing(string ping, string? info, string evidence)
    {
        await using ProbedNode node = ProbedNode.Saying(ping, info ?? Info.AsBulk(Info.Master(500)));

        ProbeResult result = await node.ProbeAsync();

        Assert.Equal((ProbeOutcome.Failed, MemberRole.Unknown, evidence), (result.Outcome, result.Role, result.Evidence));
    }

    [Theory]
    [InlineData("-WRONGPASS invalid username-password pair or user is disabled: " + Secret + "\r\n")]
    [InlineData("-ERR AUTH <password> called without any password configured for the default user.\r\n")]
    public async Task A_wrong_password_is_a_failure_that_does_not_tell_it(string auth)
    {
        await using ProbedNode node = new(SentinelStandIn.Start(_ => auth), isNamed: true, new RedisCredentials("app", Secret));

        ProbeResult result = await node.ProbeAsync();

        Assert.Equal((ProbeOutcome.Failed, "Redis refuses the connection: it does not take the user and password of the group (WRONGPASS or NOAUTH)"), (result.Outcome, result.Evidence));
    }

    [Fact]
    public async Task Credentials_that_the_application_cannot_give_are_a_failure_that_does_not_repeat_its_words()
    {
        await using ProbedNode node = new(SentinelStandIn.Start(static _ => "+OK\r\n"), isNamed: true, static _ => throw new InvalidOperationException(Secret));

        ProbeResult result = await node.ProbeAsync();

        Assert.Equal((ProbeOutcome.Failed, "The credentials could not be had (InvalidOperationException)."), (result.Outcome, result.Evidence));
    }

    [Fact]
    public async Task After_new_credentials_were_needed_the_next_probe_gives_those()
    {
        string password = "old";
        bool isRefused = true;
        SentinelStandIn server = SentinelStandIn.Start(command => command[0] switch
        {
            "AUTH" or "CLIENT" => "+OK\r\n",
            _ when isRefused => "-NOAUTH Authentication required.\r\n",
            "PING" => "+PONG\r\n",
            _ => Info.AsBulk(Info.Master(1)),
        });
        await using ProbedNode node = new(server, isNamed: true, _ => new(new RedisCredentials("app", password)));
        Assert.Equal(ProbeOutcome.Failed, (await node.ProbeAsync()).Outcome);

        (password, isRefused) = ("new", false);

        Assert.Equal(ProbeOutcome.Succeeded, (await node.ProbeAsync()).Outcome);
        Assert.Equal(["AUTH app old", "AUTH app new"], server.Commands.Where(static command => command.StartsWith("AUTH", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("$5000\r\n# Replication\r\nrole:master\r\n")]
    public async Task A_node_that_hangs_or_stops_in_the_middle_is_left_when_the_token_says_so_and_the_next_probe_begins_anew(string? begun)
    {
        await using ProbedNode node = ProbedNode.Saying("+PONG\r\n", begun);
        using CancellationTokenSource enough = new();
        Task<ProbeResult> probe = node.ProbeAsync(enough.Token);
        await node.AskedAsync("INFO");

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe.WaitAsync(Limit));

        node.Server.Answer = ProbedNode.Answers("+PONG\r\n", Info.AsBulk(Info.Master(500)));
        Assert.Equal(MemberRole.Primary, (await node.ProbeAsync()).Role);
        Assert.Equal(2, node.Server.Commands.Count(static command => command.StartsWith("CLIENT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_node_that_closes_in_the_middle_of_an_answer_is_a_failure()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task serve = ServeAsync();
        await using RedisNodes nodes = new(ProbedNode.Access(static _ => new((RedisCredentials?)null)), TimeProvider.System);
        RedisProbe probe = ProbedNode.ProbeOf(nodes, isNamed: true);
        FailoverMember member = new(new Uri($"redis://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        ProbeResult result = await probe.ProbeAsync(member, CancellationToken.None).AsTask().WaitAsync(Limit);
        await serve.WaitAsync(Limit);

        Assert.Equal(ProbeOutcome.Failed, result.Outcome);
        Assert.Contains(result.Evidence, new[] { "closed", "ConnectionReset" });

        async Task ServeAsync()
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[1024];
            await stream.WriteAsync(Encoding.UTF8.GetBytes("+OK\r\n"));
            for (string seen = ""; !seen.Contains("replication", StringComparison.Ordinal);)
            {
                seen += Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer));
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes("+PONG\r\n$500\r\nrole:mas"));
        }
    }

    [Fact]
    public async Task Where_nobody_listens_the_reason_says_so()
    {
        int port;
        using (TcpListener listener = new(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        await using RedisNodes nodes = new(ProbedNode.Access(static _ => new((RedisCredentials?)null)), TimeProvider.System);
        ProbeResult result = await ProbedNode.ProbeOf(nodes, isNamed: true).ProbeAsync(new FailoverMember(new Uri($"redis://127.0.0.1:{port}")), CancellationToken.None).AsTask().WaitAsync(Limit);

        Assert.Equal((ProbeOutcome.Failed, "ConnectionRefused"), (result.Outcome, result.Evidence));
    }

    [Fact]
    public async Task Two_who_ask_a_node_at_once_use_its_one_connection_one_after_the_other()
    {
        await using ProbedNode node = ProbedNode.Saying("+PONG\r\n", Info.AsBulk(Info.Master(500)));
        await node.ProbeAsync();

        Task<ProbeResult>[] probes = [.. Enumerable.Range(0, 10).Select(_ => node.ProbeAsync())];
        Task<bool>[] roles = [.. Enumerable.Range(0, 10).Select(_ => node.Nodes.Find(node.Member)!.SaysMasterAsync(CancellationToken.None).AsTask())];

        Assert.All(await Task.WhenAll(probes).WaitAsync(Limit), static result => Assert.Equal(MemberRole.Primary, result.Role));
        Assert.All(await Task.WhenAll(roles).WaitAsync(Limit), static isMaster => Assert.True(isMaster));
        Assert.Single(node.Server.Commands, static command => command.StartsWith("CLIENT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("*1\r\n$6\r\nmaster\r\n", true)]
    [InlineData("*5\r\n$5\r\nslave\r\n$9\r\n127.0.0.1\r\n:6379\r\n$9\r\nconnected\r\n:14\r\n", false)]
    [InlineData("-NOPERM\r\n", false)]
    [InlineData("*0\r\n", false)]
    [InlineData("nonsense\r\n", false)]
    public async Task Whether_it_is_a_master_is_asked_of_a_member_alone(string role, bool isMaster)
    {
        await using ProbedNode node = ProbedNode.Saying("+PONG\r\n", Info.AsBulk(Info.Master(500)));
        node.Server.Answer = command => command[0] == "ROLE" ? role : ProbedNode.Answers("+PONG\r\n", Info.AsBulk(Info.Master(500)))(command);

        // Whoever names it: nothing goes to what was never probed as a member.
        Assert.False(await node.Nodes.SaysMasterAsync(node.Member, CancellationToken.None));
        Assert.Empty(node.Server.Commands);

        await node.ProbeAsync();
        Assert.Equal(isMaster, await node.Nodes.SaysMasterAsync(node.Member, CancellationToken.None).AsTask().WaitAsync(Limit));
    }

    [Fact]
    public async Task A_node_that_does_not_say_whether_it_is_a_master_is_none_and_holds_up_no_probe()
    {
        await using ProbedNode node = ProbedNode.Saying("+PONG\r\n", Info.AsBulk(Info.Master(500)));
        await node.ProbeAsync();
        node.Server.Answer = command => command[0] == "ROLE" ? null : ProbedNode.Answers("+PONG\r\n", Info.AsBulk(Info.Master(500)))(command);

        Task<bool> role = node.Nodes.SaysMasterAsync(node.Member, CancellationToken.None).AsTask();
        Task<ProbeResult> probe = node.ProbeAsync();

        Assert.False(await role.WaitAsync(Limit));
        Assert.Equal(MemberRole.Primary, (await probe).Role);
    }

    [Fact]
    public async Task Who_is_no_member_any_more_is_left()
    {
        await using ProbedNode node = ProbedNode.Saying("+PONG\r\n", Info.AsBulk(Info.Master(500)));
        await node.ProbeAsync();

        await node.Nodes.KeepAsync([]);

        Assert.Null(node.Nodes.Find(node.Member));
        Assert.False(await node.Nodes.SaysMasterAsync(node.Member, CancellationToken.None));
    }

    [Fact]
    public async Task A_node_that_is_left_while_it_is_asked_ends_the_question()
    {
        await using ProbedNode node = ProbedNode.Saying("+PONG\r\n", null);
        Task<ProbeResult> probe = node.ProbeAsync();
        await node.AskedAsync("INFO");

        await node.Nodes.KeepAsync([]);

        Assert.Equal(ProbeOutcome.Failed, (await probe.WaitAsync(Limit)).Outcome);
        Assert.Single(node.Server.Commands, static command => command.StartsWith("INFO", StringComparison.Ordinal));
    }
}
