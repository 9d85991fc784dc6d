namespace Failover.Etcd.Tests.Arbitration;

/// <summary>What is no etcd, or one that lies, never grants anything.</summary>
public sealed class RudeLeaseTests
{
    private const string Header = """ "header":{"cluster_id":"7","revision":"10"}""";
    private const string Two = """ "responses":[{"response_put":{}},{"response_put":{}}]""";
    private static readonly LeaseRequest Request = new("nightly", "host-a", Guid.Parse("11111111-2222-3333-4444-555555555555"), TimeSpan.FromSeconds(10));
    private static readonly LeaseGrant Grant = new(new("etcd-ffffffffffffffff-abcdef", 5), TimeSpan.FromSeconds(10));

    private static readonly (string Name, string Step, int Status, string? Body)[] Lies =
    [
        ("silence to a look", "look", 200, null),
        ("silence to a grant", "grant", 200, null),
        ("silence to a write", "write", 200, null),
        ("garbage", "look", 200, "<html>"),
        ("half an answer", "look", 200, $$"""{{{Header}},"succeeded":true,"responses":["""),
        ("an empty answer", "look", 200, "{}"),
        ("another shape", "look", 200, """[1]"""),
        ("a header of another shape", "look", 200, """{"header":[],"succeeded":true}"""),
        ("no cluster", "look", 200, """{"header":{"revision":"9"},"succeeded":true,"responses":[{"response_range":{}},{"response_range":{}},{"response_range":{}},{"response_range":{}}]}"""),
        ("too few keys", "look", 200, FakeEtcd.Look("", "")),
        ("keys that were not asked for", "look", 200, FakeEtcd.Look(FakeEtcd.Stored("/other", "abcdef"), "", "", "")),
        ("a key without a revision", "look", 200, FakeEtcd.Look(FakeEtcd.Stored("/failover/leases/lineage", "abcdef", revision: 0), "", "", "")),
        ("a lineage of something else", "look", 200, FakeEtcd.Look(FakeEtcd.Stored("/failover/leases/lineage", "by hand"), "", "", "")),
        ("a look that has not succeeded", "look", 200, $$$"""{{{{Header}}},"responses":[{"response_range":{}},{"response_range":{}},{"response_range":{}},{"response_range":{}}]}"""),
        ("503", "look", 503, """{"error":"no leader","code":14}"""),
        ("403", "look", 403, """{"error":"permission denied","code":7}"""),
        ("404 of another server", "grant", 404, """{"error":"Not Found","message":"Not Found","code":5}"""),
        ("a lease of no time", "grant", 200, $$"""{{{Header}},"ID":"$ID"}"""),
        ("a lease of less time", "grant", 200, $$"""{{{Header}},"ID":"$ID","TTL":"9"}"""),
        ("a lease of negative time", "grant", 200, $$"""{{{Header}},"ID":"$ID","TTL":"-30"}"""),
        ("a lease without an id", "grant", 200, $$"""{{{Header}},"TTL":"30"}"""),
        ("a time that is none", "grant", 200, $$"""{{{Header}},"ID":"$ID","TTL":"99999999999999999999"}"""),
        ("a lease that is gone", "write", 404, """{"error":"etcdserver: requested lease not found","message":"etcdserver: requested lease not found","code":5}"""),
        ("a write without a revision", "write", 200, $$"""{"succeeded":true,{{Two}}}"""),
        ("a success that is text", "write", 200, $$"""{{{Header}},"succeeded":"true",{{Two}}}"""),
        ("a write without acts", "write", 200, $$"""{{{Header}},"succeeded":true}"""),
        ("a write of other acts", "write", 200, $$$"""{{{{Header}}},"succeeded":true,"responses":[{"response_range":{}},{"response_range":{}}]}"""),
    ];

    public static TheoryData<string> Names => [.. Lies.Select(static lie => lie.Name)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_fake_is_believed_while_it_tells_the_truth(bool isHeld)
    {
        await using FakeEtcd fake = new(Request) { IsHeld = isHeld };
        using EtcdLeaseStore store = new(EtcdLeases.At(fake.Endpoint));

        LeaseGrant? grant = isHeld ? await store.RenewAsync(Request with { Settles = false }, Grant, CancellationToken.None) : await EtcdLeases.TakeAsync(store, Request);

        Assert.Equal(new Epoch("etcd-ffffffffffffffff-abcdef", isHeld ? 5 : 10), grant?.Epoch);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_cannot_be_grants_nothing_and_renews_nothing(string name)
    {
        (_, string step, int status, string? body) = Lies.Single(lie => lie.Name == name);
        foreach (bool isHeld in (bool[])[false, true])
        {
            await using FakeEtcd fake = new(Request) { IsHeld = isHeld, Lies = { [step] = (status, body) } };
            EtcdOptions options = EtcdLeases.At(fake.Endpoint);
            options.Timeout = TimeSpan.FromMilliseconds(300);
            using EtcdLeaseStore store = new(options);

            Task call = isHeld ? store.RenewAsync(Request with { Settles = false }, Grant, CancellationToken.None).AsTask() : store.TakeAsync(Request, CancellationToken.None).AsTask();

            LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => call.WaitAsync(EtcdLeases.Limit));
            Assert.StartsWith("etcd", told.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_grant_at_a_revision_before_the_ask_is_refused()
    {
        await using FakeEtcd fake = new(Request) { Lies = { ["write"] = (200, $$"""{{{Header.Replace("10", "9", StringComparison.Ordinal)}},"succeeded":true,{{Two}}}""") } };
        using EtcdLeaseStore store = new(EtcdLeases.At(fake.Endpoint));

        await Assert.ThrowsAsync<LeaseStoreException>(() => store.TakeAsync(Request, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Revisions_come_as_text_and_keep_each_digit()
    {
        await using FakeEtcd fake = new(Request) { Lies = { ["write"] = (200, $$"""{{{Header.Replace("10", "9007199254740993", StringComparison.Ordinal)}},"succeeded":true,{{Two}}}""") } };
        using EtcdLeaseStore store = new(EtcdLeases.At(fake.Endpoint));

        Assert.Equal(9007199254740993, (await EtcdLeases.TakeAsync(store, Request)).Epoch.Number);
    }

    [Fact]
    public async Task Garbage_in_place_of_who_held_it_before_grants_nothing_since_nobody_knows_whom_to_care_for()
    {
        await using FakeEtcd fake = new(Request)
        {
            Lies = { ["look"] = (200, FakeEtcd.Look(FakeEtcd.Stored("/failover/leases/lineage", "abcdef"), "", "", FakeEtcd.Stored("/failover/leases/last/nightly", "by hand"))) },
        };
        using EtcdLeaseStore store = new(EtcdLeases.At(fake.Endpoint));

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => store.TakeAsync(Request, CancellationToken.None).AsTask());

        Assert.Contains("/failover/leases/last/nightly", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_lies_is_left_for_one_that_does_not()
    {
        await using FakeEtcd liar = new(Request) { Lies = { ["look"] = (200, "{}") } };
        await using FakeEtcd honest = new(Request);
        using EtcdLeaseStore store = new(EtcdLeases.At(liar.Endpoint, honest.Endpoint));

        Assert.Equal(10, (await EtcdLeases.TakeAsync(store, Request)).Epoch.Number);
        Assert.Single(liar.Asked);
    }

    [Theory]
    [InlineData(1, "00:00:00.6000000")]
    [InlineData(3, "00:00:00.2000000")]
    public async Task Each_endpoint_that_is_silent_is_asked_once_and_gets_its_share_of_the_time_that_the_arbiter_waits(int count, string share)
    {
        FakeEtcd[] silent = [.. Enumerable.Range(0, count).Select(static _ => new FakeEtcd(Request) { Lies = { ["look"] = (200, null) } })];
        using EtcdLeaseStore store = new(EtcdLeases.At([.. silent.Select(static one => one.Endpoint)]));

        LeaseStoreException told = await Assert.ThrowsAsync<LeaseStoreException>(() => store.TakeAsync(Request with { Duration = TimeSpan.FromSeconds(3) }, CancellationToken.None).AsTask().WaitAsync(EtcdLeases.Limit));

        Assert.EndsWith($"no answer within {share}", told.Message, StringComparison.Ordinal);
        foreach (FakeEtcd one in silent)
        {
            Assert.InRange(one.Asked.Count, 0, 1);
            await one.DisposeAsync();
        }
    }
}
