namespace Failover.Tests.Members;

public class AllowedMembersTests
{
    [Theory]
    [InlineData("pg-d", "pg-d", 5432, true)]
    [InlineData("pg-d", "PG-D.", 6432, true)]
    [InlineData("pg-d:5432", "pg-d", 6432, false)]
    [InlineData("pg-d", "pg-d.example.com", 5432, false)]
    [InlineData("*.db.example.com", "pg-a.db.example.com", 5432, true)]
    [InlineData("*.db.example.com", "a.b.DB.example.com", 5432, true)]
    [InlineData("*.db.example.com", "db.example.com", 5432, false)]
    [InlineData("*.db.example.com", "evildb.example.com", 5432, false)]
    [InlineData("*.db.example.com", "pg-a.db.example.com.evil.org", 5432, false)]
    [InlineData("*.db.example.com:5432", "pg-a.db.example.com", 5433, false)]
    [InlineData("10.1.2.0/24", "10.1.2.255", 5432, true)]
    [InlineData("10.1.2.7/24", "10.1.2.255", 5432, true)]
    [InlineData("10.1.2.0/24", "10.1.3.0", 5432, false)]
    [InlineData("10.1.2.0/24:5432", "10.1.2.9", 5432, true)]
    [InlineData("10.1.2.0/24:5432", "10.1.2.9", 5433, false)]
    [InlineData("10.1.2.0/24", "10.1.2.9.example.com", 5432, false)]
    [InlineData("10.1.2.0/24", "::ffff:10.1.2.9", 5432, true)]
    [InlineData("10.1.2.9", "::ffff:10.1.2.9", 5432, true)]
    [InlineData("10.1.2.9/32", "10.1.2.8", 5432, false)]
    [InlineData("2001:db8::/32", "2001:db8:1::5", 5432, true)]
    [InlineData("2001:db8::/32", "2001:db9::5", 5432, false)]
    [InlineData("[2001:db8::/32]:5432", "2001:db8::5", 5433, false)]
    [InlineData("2001:DB8::5", "[2001:db8:0:0::5]", 5432, true)]
    [InlineData("[2001:db8::5]:5432", "2001:db8::5", 5432, true)]
    public void A_pattern_allows_a_host_a_domain_or_a_subnet(string pattern, string host, int port, bool isAllowed) =>
        Assert.Equal(isAllowed, Allowed("pg-a", pattern).Allows(host, port));

    [Theory]
    [InlineData("pg-a.db.example.com", "pg-b.db.example.com", 5432, true)]
    [InlineData("pg-a.db.example.com", "pg-b.db.example.com", 5433, false)]
    [InlineData("pg-a.db.example.com:5433,pg-b.db.example.com", "pg-c.db.example.com", 5433, true)]
    [InlineData("pg-a.db.example.com", "pg-b.example.com", 5432, false)]
    [InlineData("example.com", "evil.com", 5432, false)]
    [InlineData("pg-a", "pg-a", 5432, true)]
    [InlineData("pg-a", "pg-b", 5432, false)]
    [InlineData("10.1.2.3", "10.1.2.4", 5432, true)]
    [InlineData("10.1.2.3", "10.1.3.4", 5432, false)]
    [InlineData("172.31.2.3", "172.31.2.4", 5432, true)]
    [InlineData("172.32.2.3", "172.32.2.4", 5432, false)]
    [InlineData("8.8.4.3", "8.8.4.4", 5432, false)]
    [InlineData("8.8.4.3", "8.8.4.3", 5432, true)]
    [InlineData("127.0.0.1:25431", "127.0.0.1", 25432, false)]
    [InlineData("[fd00::1]", "fd00::2", 5432, true)]
    [InlineData("[fd00::1]", "fd00:0:0:1::2", 5432, false)]
    [InlineData("[2001:db8::1]", "2001:db8::2", 5432, false)]
    public void Without_patterns_the_configured_members_say_what_is_allowed(string configured, string host, int port, bool isAllowed) =>
        Assert.Equal(isAllowed, Allowed(configured).Allows(host, port));

    [Fact]
    public void A_configured_member_is_allowed_whatever_the_patterns_say_and_its_neighbours_are_not_then()
    {
        AllowedMembers allowed = Allowed("pg-a.db.example.com", "10.0.0.0/8");

        Assert.True(allowed.Allows("pg-a.db.example.com", 5432));
        Assert.False(allowed.Allows("pg-b.db.example.com", 5432));
    }

    [Fact]
    public void Full_verification_of_TLS_allows_every_host_unless_patterns_say_less()
    {
        Assert.True(AllowedMembers.Of([], Members("pg-a"), onAnyPort: false, verifiesFully: true).Allows("anywhere.example.org", 6000));
        Assert.False(AllowedMembers.Of(["pg-b"], Members("pg-a"), onAnyPort: false, verifiesFully: true).Allows("anywhere.example.org", 5432));
    }

    [Theory]
    [InlineData("", 5432)]
    [InlineData("pg-a", 0)]
    [InlineData("pg-a", -1)]
    [InlineData("pg-a", 65_536)]
    [InlineData("pg a", 5432)]
    [InlineData("pg-a,evil", 5432)]
    [InlineData("/var/run", 5432)]
    [InlineData("pg-a;Username=x", 5432)]
    [InlineData("fe80::1%eth0", 5432)]
    public void What_is_no_host_with_a_port_is_never_allowed(string host, int port) => 
        Assert.False(AllowedMembers.Of([], Members("pg-a"), onAnyPort: true, verifiesFully: true).Allows(host, port));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("*")]
    [InlineData("*:5432")]
    [InlineData("*.com")]
    [InlineData("*example.com")]
    [InlineData("pg-*.example.com")]
    [InlineData("*.10.1.2.3")]
    [InlineData("10.1.2.0/33")]
    [InlineData("10.1.2/24")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("10.1.2.0/24/8")]
    [InlineData("db.example.com/24")]
    [InlineData("pg-a:0")]
    [InlineData("pg-a:x")]
    [InlineData("postgresql://pg-a:5432")]
    public void A_pattern_that_cannot_be_read_or_allows_the_world_is_refused(string pattern)
    {
        Assert.StartsWith("must ", AllowedMembers.WhyNot(pattern), StringComparison.Ordinal);

        FormatException refused = Assert.Throws<FormatException>(() => Allowed("pg-a", pattern));
        Assert.StartsWith($"'{pattern}' must ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sentinel-a.cache.example.com:26379", "sentinel-a.cache.example.com", 6379, true)]
    [InlineData("sentinel-a.cache.example.com:26379", "redis-b.cache.example.com", 7001, true)]
    [InlineData("sentinel-a.cache.example.com:26379", "redis-b.example.com", 6379, false)]
    [InlineData("sentinel-a:26379", "sentinel-a", 6379, true)]
    [InlineData("sentinel-a:26379", "redis-a", 6379, false)]
    [InlineData("10.1.2.3:26379", "10.1.2.4", 6379, true)]
    [InlineData("10.1.2.3:26379", "10.1.3.4", 6379, false)]
    public void Where_others_are_configured_than_those_that_are_found_ports_do_not_count(string configured, string host, int port, bool isAllowed) =>
        Assert.Equal(isAllowed, AllowedMembers.Of([], Members(configured), onAnyPort: true, verifiesFully: false).Allows(host, port));

    private static AllowedMembers Allowed(string configured, params string[] patterns) => AllowedMembers.Of(patterns, Members(configured), onAnyPort: false, verifiesFully: false);

    /// <summary>Hosts apart by commas, on port 5432 unless they say another.</summary>
    private static IEnumerable<FailoverMember> Members(string hosts) =>
        from host in hosts.Split(',')
        let uri = new Uri($"tcp://{host}")
        select new FailoverMember(uri.Port > 0 ? uri : new Uri($"tcp://{host}:5432"));
}
