namespace Failover.Http.Tests;

/// <summary>A group that starts while its preferred member accepts connections and is silent: requests go there first, and none is lost.</summary>
public sealed class ColdStartTests : IDisposable
{
    private readonly RawServer _b = new(connection => AnswerAsync(connection, _ => true));

    public void Dispose() => _b.Dispose();

    [Fact]
    public async Task A_member_that_misses_its_first_probe_gets_the_traffic_as_soon_as_it_answers()
    {
        int probes = 0;
        using RawServer a = new(connection => AnswerAsync(connection, request => !IsProbe(request) || Interlocked.Increment(ref probes) > 1));
        await using FailoverGroup group = Group(a, fall: 3);
        using HttpClient client = Client(group);

        await Given.ActiveAsync(group, a.Address.Authority);

        Assert.InRange(probes, 2, int.MaxValue);
        Assert.Equal(SwitchoverCause.Initial, group.Snapshot.LastSwitchover?.Cause);
        Assert.Equal(a.Address.Authority, await ServedByAsync(client));
    }

    [Fact]
    public async Task While_a_silent_member_is_waited_for_a_request_that_it_fails_is_served_by_the_secondary_and_so_are_those_that_follow()
    {
        int failed = 0;
        using RawServer a = new(async connection =>
        {
            if (await connection.ReadRequestAsync() is not { } request || IsProbe(request))
            {
                await connection.ReadRequestAsync();
                return;
            }

            Interlocked.Increment(ref failed);
            connection.Close(reset: true);
        });
        await using FailoverGroup group = Group(a, fall: 100);
        using HttpClient client = Client(group);
        await WaitsForPreferredAsync(group);

        Assert.Equal(_b.Address.Authority, await ServedByAsync(client));
        Assert.Equal(1, failed);
        Assert.Equal(_b.Address.Authority, group.Snapshot.Active?.Address.Authority);

        Assert.Equal(_b.Address.Authority, await ServedByAsync(client));
        Assert.Equal(1, failed);
    }

    [Fact]
    public async Task A_request_that_hangs_on_a_silent_member_makes_the_next_silent_probe_enough_and_is_served_by_the_secondary()
    {
        int hung = 0;
        using RawServer a = new(connection => AnswerAsync(connection, request =>
        {
            Interlocked.Add(ref hung, IsProbe(request) ? 0 : 1);
            return false;
        }));
        await using FailoverGroup group = Group(a, fall: 100);
        using HttpClient client = Client(group);
        await WaitsForPreferredAsync(group);

        Assert.Equal(_b.Address.Authority, await ServedByAsync(client));

        Assert.Equal(1, hung);
        Assert.Equal(Verdict.Unhealthy, group.Snapshot.Members[0].Verdict);
    }

    private static bool IsProbe(string request) => request.StartsWith("GET /health ", StringComparison.Ordinal);

    /// <summary>Answers those requests that it is told to, and is silent after any other.</summary>
    private static async Task AnswerAsync(RawServer.Connection connection, Func<string, bool> answers)
    {
        while (await connection.ReadRequestAsync() is { } request)
        {
            if (answers(request))
            {
                await connection.SendAsync(RawServer.Ok);
            }
        }
    }

    private static Task WaitsForPreferredAsync(FailoverGroup group) => Given.UntilAsync(
        () => group.Snapshot.Members is [{ Verdict: Verdict.Suspect }, { Verdict: Verdict.Healthy }],
        () => $"{group.Snapshot.Condition}: {string.Join(", ", group.Snapshot.Members.Select(member => $"{member.Member} {member.Verdict} {member.Evidence}"))}");

    private static HttpClient Client(FailoverGroup group) =>
        new(new FailoverHandler(group) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = group.Snapshot.Members[0].Member.Address, Timeout = Given.Limit };

    private static async Task<string?> ServedByAsync(HttpClient client)
    {
        using HttpResponseMessage response = await client.GetAsync("/work");
        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        return response.RequestMessage?.RequestUri?.Authority;
    }

    private FailoverGroup Group(RawServer a, int fall) => new FailoverGroupBuilder("orders")
        .AddMember(a.Address)
        .AddMember(_b.Address)
        .UseHttpProbe(new HttpProbeOptions())
        .Configure(Given.Quick)
        .Configure(options =>
        {
            options.Detection.Fall = fall;
            options.Detection.HangCalls = 1;
            options.StartTimeout = TimeSpan.FromMinutes(5);
        })
        .Build();
}
