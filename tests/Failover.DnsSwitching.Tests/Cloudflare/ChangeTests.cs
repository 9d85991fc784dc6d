using System.Diagnostics;
using System.Text.Json.Nodes;
using Failover.DnsSwitching.Cloudflare;
using Failover.DnsSwitching.Tests.Rfc2136;

namespace Failover.DnsSwitching.Tests.Cloudflare;

public sealed class ChangeTests : OnCloudflare
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_name_moves_from_kind_to_kind_in_one_write_each_and_bears_its_mover(bool useBatch)
    {
        CloudflareProvider provider = Provider(useBatch);
        string[][] sets = [["192.0.2.2", "192.0.2.3"], ["192.0.2.3", "2001:db8::1"], ["2001:db8::2"], ["shop-b.example.com"], ["shop-c.elsewhere.test"], ["192.0.2.1"]];
        int writes = Zone.Writes;

        foreach (string[] values in sets)
        {
            DnsChange change = await ChangeAsync(provider, $"op-{writes}", values);
            var applied = Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(change, CancellationToken.None));

            Assert.Equal(new DnsRecordState(Shop, DnsValues.Parse(values), TimeSpan.FromSeconds(60), $"failover-owner=shop;token=1;op=op-{writes}"), applied.ReadBack);
            Assert.Equal(change.Values.Select(static value => $"{value}").Order(StringComparer.Ordinal), Zone.Told(Shop));
            Assert.Equal([$"TXT \"failover-owner=shop;token=1;op=op-{writes}\""], Zone.Told($"_failover.{Shop}"));
            Assert.Equal(++writes, Zone.Writes);
        }
    }

    [Fact]
    public async Task Nothing_of_the_callers_trace_is_sent()
    {
        CloudflareProvider provider = Provider();
        using Activity trace = new Activity("of the caller").AddBaggage("user", "someone").Start();

        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(await ChangeAsync(provider, "one", "192.0.2.2"), CancellationToken.None));

        Assert.Equal(["Accept", "Authorization", "Content-Length", "Content-Type", "Host", "User-Agent"], Server.Headers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_edit_keeps_ids_and_a_replacement_makes_new_ones()
    {
        CloudflareProvider edits = Provider(), replaces = Provider(useBatch: true);

        await edits.ApplyAsync(await ChangeAsync(edits, "one", "192.0.2.2"), CancellationToken.None);
        Assert.Equal(First, IdOf(Shop, "A"));
        string owner = IdOf($"_failover.{Shop}", "TXT");

        await replaces.ApplyAsync(await ChangeAsync(replaces, "two", "192.0.2.1"), CancellationToken.None);
        Assert.NotEqual(First, IdOf(Shop, "A"));
        Assert.NotEqual(owner, IdOf($"_failover.{Shop}", "TXT"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_people_gave_a_record_stays_with_it(bool useBatch)
    {
        Zone.Remove(Shop);
        Zone.Put(Shop, "A", "192.0.2.1", proxied: true, comment: "the shop, see the runbook", tags: "team:shop");
        CloudflareProvider provider = Provider(useBatch);

        var applied = Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(await ChangeAsync(provider, "one", "192.0.2.2", "192.0.2.3"), CancellationToken.None));

        Assert.True(applied.ReadBack.IsProxied);
        Assert.Equal(TimeSpan.FromSeconds(300), applied.ReadBack.TimeToLive);
        JsonObject[] records = Zone.Records(Shop, "A");
        Assert.Equal(2, records.Length);
        Assert.All(records, static record =>
        {
            Assert.True(record["proxied"]!.GetValue<bool>());
            Assert.Equal(1, record["ttl"]!.GetValue<int>());
            Assert.Equal("the shop, see the runbook", record["comment"]!.GetValue<string>());
            Assert.Equal("team:shop", record["tags"]![0]!.GetValue<string>());
        });
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(30, 30)]
    public async Task A_time_to_live_is_raised_to_what_the_plan_allows(int shortest, int written)
    {
        Zone.ShortestTtl = shortest;
        CloudflareProvider provider = Provider(change: options => options.MinimumTimeToLive = TimeSpan.FromSeconds(shortest));
        Assert.Equal(TimeSpan.FromSeconds(30), Given.Ttl);

        var applied = Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(await ChangeAsync(provider, "one", "192.0.2.2"), CancellationToken.None));

        Assert.Equal(TimeSpan.FromSeconds(written), applied.ReadBack.TimeToLive);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_that_is_there_is_not_made_again(bool useBatch)
    {
        CloudflareProvider provider = Provider(useBatch);
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");
        await provider.ApplyAsync(change, CancellationToken.None);
        int writes = Zone.Writes;

        Assert.IsType<DnsOutcome.AlreadyThere>(await provider.ApplyAsync(change, CancellationToken.None));
        Assert.Equal(writes, Zone.Writes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_someone_else_changed_first_is_a_conflict_and_stays(bool useBatch)
    {
        CloudflareProvider provider = Provider(useBatch);
        Action<string>[] others =
        [
            name => Zone.Put(name, "A", "192.0.2.9"),
            name => Zone.Put(name, "AAAA", "2001:db8::9"),
            name => Zone.Put($"_failover.{name}", "TXT", "heritage=external-dns"),
            name => Zone.Remove($"_failover.{name}"),
            name => Zone.Remove(name),
            name =>
            {
                Zone.Remove(name);
                Zone.Put(name, "CNAME", "other.example.com");
            },
        ];
        foreach ((Action<string> other, int at) in others.Select(static (other, at) => (other, at)))
        {
            string name = $"name-{at}.example.com";
            Zone.Put(name, "A", "192.0.2.1");
            await provider.ApplyAsync(await provider.ChangeAsync(name, "one", "192.0.2.1", "192.0.2.2"), CancellationToken.None);
            DnsChange change = await provider.ChangeAsync(name, "two", "192.0.2.3");
            other(name);
            int writes = Zone.Writes;

            var conflict = Assert.IsType<DnsOutcome.Conflict>(await provider.ApplyAsync(change, CancellationToken.None));

            Assert.Equal(await provider.StateAsync(name), conflict.Actual);
            Assert.Equal(writes, Zone.Writes);
        }
    }

    [Fact]
    public async Task Records_that_another_app_replaced_between_the_look_and_the_batch_are_a_conflict()
    {
        CloudflareProvider ours = Provider(useBatch: true), theirs = Provider(useBatch: true);
        DnsChange our = await ChangeAsync(ours, "ours", "192.0.2.2"), their = await ChangeAsync(theirs, "theirs", "192.0.2.3");
        DnsOutcome? first = null;
        BeforeNextChange(() => first = theirs.ApplyAsync(their, CancellationToken.None).AsTask().GetAwaiter().GetResult());

        var conflict = Assert.IsType<DnsOutcome.Conflict>(await ours.ApplyAsync(our, CancellationToken.None));

        Assert.IsType<DnsOutcome.Applied>(first);
        Assert.Equal("theirs", conflict.Actual!.Owner!.Operation);
        Assert.Equal(["A 192.0.2.3"], Zone.Told(Shop));
    }

    // What docs/dns.md says of the two ways.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_edit_by_hand_between_the_look_and_the_write_is_lost(bool useBatch)
    {
        CloudflareProvider provider = Provider(useBatch);
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");
        BeforeNextChange(() => Zone.Edit(First, "192.0.2.9"));

        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(change, CancellationToken.None));
        Assert.Equal(["A 192.0.2.2"], Zone.Told(Shop));
    }

    [Theory]
    [InlineData("192.0.2.2", "192.0.2.2", "192.0.2.1, 192.0.2.2")]
    [InlineData("192.0.2.9", "other.example.com", "192.0.2.1, 192.0.2.9")]
    public async Task A_record_that_came_between_and_stands_in_the_way_is_a_conflict(string between, string target, string left)
    {
        CloudflareProvider provider = Provider();
        DnsChange change = await ChangeAsync(provider, "one", target);
        BeforeNextChange(() => Zone.Put(Shop, "A", between));

        var conflict = Assert.IsType<DnsOutcome.Conflict>(await provider.ApplyAsync(change, CancellationToken.None));

        Assert.Equal(DnsValues.Parse(left.Split(", ")), conflict.Actual!.Values);
        Assert.Null(conflict.Actual.OwnerText);
    }

    [Fact]
    public async Task A_name_that_is_moved_on_before_it_is_read_back_is_a_conflict()
    {
        CloudflareProvider ours = Provider(), theirs = Provider();
        DnsChange change = await ChangeAsync(ours, "ours", "192.0.2.2");
        AfterNextChange(() => theirs.ApplyAsync(ChangeAsync(theirs, "theirs", "192.0.2.3").GetAwaiter().GetResult(), CancellationToken.None).AsTask().GetAwaiter().GetResult());

        var conflict = Assert.IsType<DnsOutcome.Conflict>(await ours.ApplyAsync(change, CancellationToken.None));

        Assert.Equal(["A 192.0.2.3"], Zone.Told(Shop));
        Assert.Equal("theirs", conflict.Actual!.Owner!.Operation);
    }

    [Fact]
    public async Task A_value_that_is_put_back_before_it_is_read_back_was_ignored()
    {
        CloudflareProvider provider = Provider();
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");
        AfterNextChange(() => Zone.Edit(First, "192.0.2.1"));

        var ignored = Assert.IsType<DnsOutcome.Ignored>(await provider.ApplyAsync(change, CancellationToken.None));

        Assert.Equal(DnsValues.Parse("192.0.2.1"), ignored.Actual.Values);
        Assert.Equal("one", ignored.Actual.Owner!.Operation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_first_owners_the_later_counts_and_the_next_move_leaves_one(bool useBatch)
    {
        Zone.Put($"_failover.{Shop}", "TXT", "\"failover-owner=shop;token=1;op=zzz\"");
        Zone.Put($"_failover.{Shop}", "TXT", "\"failover-owner=shop;token=1;op=aaa\"");
        CloudflareProvider provider = Provider(useBatch);
        DnsChange change = await ChangeAsync(provider, "one", "192.0.2.2");
        Assert.Equal("aaa", change.From.Owner!.Operation);

        Assert.IsType<DnsOutcome.Applied>(await provider.ApplyAsync(change, CancellationToken.None));
        Assert.Equal(["TXT \"failover-owner=shop;token=1;op=one\""], Zone.Told($"_failover.{Shop}"));
    }

    [Fact]
    public async Task A_name_without_a_record_is_not_made()
    {
        CloudflareProvider provider = Provider();
        foreach (string name in (string[])["new.example.com", "shop.example.net"])
        {
            var denied = Assert.IsType<DnsOutcome.Denied>(await provider.ApplyAsync(await provider.ChangeAsync(name, "one", "192.0.2.1"), CancellationToken.None));

            Assert.Contains($"has neither an address nor an alias for {name}: make the record once, by hand", denied.Reason, StringComparison.Ordinal);
            Assert.IsType<DnsOutcome.Denied>(await provider.ProbeAsync(name, DnsValues.Parse("192.0.2.1"), CancellationToken.None));
        }

        Assert.DoesNotContain("batch", Server.Asked);
    }

    private string IdOf(string name, string type) => Assert.Single(Zone.Records(name, type))["id"]!.GetValue<string>();
}
