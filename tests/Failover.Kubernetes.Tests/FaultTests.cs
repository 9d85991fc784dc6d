using Failover.Kubernetes.Tests.ApiServer;

namespace Failover.Kubernetes.Tests;

/// <summary>Whatever an API server does, it is told in our own words, and nothing is granted.</summary>
public sealed class FaultTests : OnApiServer
{
    private const string Secret = "what a server says may hold anything";

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "get", "401", "the API server does not accept the credentials (401)" },
        { "get", "403", "the API server does not allow to get leases in the namespace shop (403): the rights get, create, update and watch are needed" },
        { "update", "403", "the API server does not allow to update leases in the namespace shop (403): the rights get, create, update and watch are needed" },
        { "get", "410", "the API server answered 410 to get" },
        { "get", "429", "the API server is too busy (429)" },
        { "update", "422", "the API server refuses to update the lease as invalid (422)" },
        { "get", "302", "the API server answered 302 to get" },
        { "update", "500", "the API server answered 500 to update" },
        { "get", "503", "the API server answered 503 to get" },
        { "update", "409", "others have changed the lease 5 times in a row while it was being written" },
        { "get", "200", "what the API server answered to get is no lease" },
        { "update", "200", "what the API server answered to update is no lease" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_an_API_server_refuses_is_told_without_its_words(string verb, string status, string evidence)
    {
        GivenBack();
        Server.Interfere = asked => asked == verb ? new Interference.Answer(int.Parse(status, null), Secret) : null;
        Host host = Pod("host-a");

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => host.TakeAsync());

        Assert.Equal(evidence, told.Message);
        Assert.DoesNotContain(Secret, told.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(FakeApiServer.Pod, told.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"kind":"Lease","metadata":{"name":"failover-nightly","namespace":"shop"},"spec":{}}""")]
    [InlineData("""{"kind":"Lease","metadata":{"name":"another","namespace":"shop","uid":"u","resourceVersion":"7"},"spec":{"holderIdentity":"","renewTime":"2026-01-02T03:04:05.000006Z"}}""")]
    [InlineData("""{"kind":"Lease","metadata":{"name":"failover-nightly","namespace":"other","uid":"u","resourceVersion":"7"},"spec":{"holderIdentity":"","renewTime":"2026-01-02T03:04:05.000006Z"}}""")]
    [InlineData("""{"kind":"Lease","metadata":{"name":"failover-nightly","namespace":"shop","uid":"u","resourceVersion":"7"},"spec":{"holderIdentity":"","renewTime":"yesterday"}}""")]
    [InlineData("""{"kind":"Lease","metadata":{"name":"failover-nightly","namespace":"shop","uid":"u","resourceVersion":"7"},"spec":{"holderIdentity":"","leaseTransitions":-4,"renewTime":"2026-01-02T03:04:05.000006Z"}}""")]
    public async Task An_answer_that_is_not_this_lease_is_no_answer(string body)
    {
        Server.Interfere = verb => verb == "get" ? new Interference.Answer(200, body) : null;

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => Pod("host-a").TakeAsync());

        Assert.Equal("what the API server answered to get is no lease", told.Message);
    }

    [Fact]
    public async Task A_write_that_comes_back_as_another_is_no_grant()
    {
        GivenBack();
        string another = Given.Lease(Host.LeaseName, new() { ["holderIdentity"] = "a webhook", ["leaseTransitions"] = 4, ["leaseDurationSeconds"] = 10 }).ToJsonString()
            .Replace("\"metadata\":{", $"\"metadata\":{{\"namespace\":\"shop\",\"resourceVersion\":\"999999\",\"uid\":\"{Lease()["metadata"]!["uid"]}\",", StringComparison.Ordinal);
        Server.Interfere = verb => verb == "update" ? new Interference.Answer(200, another) : null;

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => Pod("host-a").TakeAsync());

        Assert.Equal("what the API server has written is not what it was given", told.Message);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_and_rights_that_are_missing_are_told()
    {
        using KubernetesLeaseStore elsewhere = new(new() { Namespace = "elsewhere" }, Server.Client(FakeApiServer.Pod));
        Assert.Equal("the API server does not know the namespace elsewhere, or leases (404)", (await Assert.ThrowsAsync<LeaseStoreException>(async () => await elsewhere.TakeAsync(Pod("host-a").Request(), default))).Message);

        Server.Rights[FakeApiServer.Pod] = ["get", "update", "watch"];
        Assert.StartsWith("the API server does not allow to create leases", (await Assert.ThrowsAsync<LeaseStoreException>(() => Pod("host-a").TakeAsync())).Message, StringComparison.Ordinal);

        using KubernetesLeaseStore stranger = new(new(), Server.Client("stolen"));
        Assert.Equal("the API server does not accept the credentials (401)", (await Assert.ThrowsAsync<LeaseStoreException>(async () => await stranger.TakeAsync(Pod("host-a").Request(), default))).Message);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("86400", 10)]
    public async Task A_server_that_asks_to_be_left_alone_is_for_so_long_but_no_longer_than_ten_seconds(string retryAfter, int seconds)
    {
        GivenBack();
        Host host = Pod("host-a");
        Server.Interfere = _ => new Interference.Answer(429, "", retryAfter);
        Assert.EndsWith($"asks to wait {retryAfter} s (429)", (await Assert.ThrowsAsync<LeaseStoreException>(() => host.TakeAsync())).Message, StringComparison.Ordinal);
        Server.Interfere = static _ => null;
        Server.Asked.Clear();

        host.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<LeaseStoreException>(() => host.TakeAsync());
        Assert.Empty(Server.Asked);

        host.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotNull((await host.TakeAsync()).Grant);
    }

    public static TheoryData<string> Silences => ["Hang", "HangInBody"];

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task A_server_that_does_not_end_its_answer_is_left_when_the_caller_has_waited_long_enough(string silence)
    {
        GivenBack();
        Server.Interfere = _ => silence == "Hang" ? new Interference.Hang() : new Interference.HangInBody();
        using CancellationTokenSource enough = new();
        Host host = Pod("host-a");
        Task<LeaseAnswer> asking = Task.Run(async () => await host.Store.TakeAsync(host.Request(), enough.Token));
        await Until.TrueAsync(() => !Server.Asked.IsEmpty);

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Limit));
    }

    [Fact]
    public async Task An_answer_without_end_is_broken_off()
    {
        Server.Interfere = static _ => new Interference.Endless();

        await Assert.ThrowsAsync<LeaseStoreException>(() => Pod("host-a").TakeAsync().WaitAsync(Limit));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_by_the_code_of_the_socket()
    {
        Host host = Pod("host-a");
        await Server.DisposeAsync();

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => host.TakeAsync());

        Assert.Equal("the API server was not reached, or did not answer (ConnectionRefused)", told.Message);
    }

    [Fact]
    public async Task What_was_granted_although_the_answer_was_lost_is_given_back_by_the_attempt_alone()
    {
        GivenBack();
        Host host = Pod("host-a");
        LeaseRequest request = host.Request();
        Server.Interfere = static verb => verb == "update" ? new Interference.LoseAnswer() : null;
        await Assert.ThrowsAsync<LeaseStoreException>(async () => await host.Store.TakeAsync(request, default));
        Assert.StartsWith("host-a_", (string?)Spec("holderIdentity"), StringComparison.Ordinal);
        Server.Interfere = static _ => null;

        await Pod("anywhere").ReleaseAsync(request);

        Assert.Null((await Pod("host-b").HoldAsync()).Grant.Unreleased);
    }

    [Fact]
    public async Task What_was_written_by_a_try_whose_answer_was_lost_is_recognized_as_ones_own()
    {
        GivenBack();
        Host host = Pod("host-a");
        LeaseRequest request = host.Request();
        LeaseGrant first = (await host.Store.TakeAsync(request, default)).Grant!;

        // As if the connection had been replaced, and the request sent a second time.
        LeaseGrant? second = (await host.Store.TakeAsync(request, default)).Grant;

        Assert.Equal(first.Epoch, second?.Epoch);
    }

    [Fact]
    public async Task A_renewal_that_failed_is_an_exception_and_the_lease_is_still_held()
    {
        GivenBack();
        Host host = Pod("host-a");
        (LeaseRequest Request, LeaseGrant Grant) held = await host.HoldAsync();
        Server.Interfere = static _ => new Interference.Answer(500, "");
        await Assert.ThrowsAsync<LeaseStoreException>(() => host.RenewAsync(held));
        Server.Interfere = static verb => verb == "update" ? new Interference.LoseAnswer() : null;
        await Assert.ThrowsAsync<LeaseStoreException>(() => host.RenewAsync(held));
        Server.Interfere = static _ => null;

        Assert.Equal(held.Grant.Epoch, (await host.RenewAsync(held))?.Epoch);
    }
}
