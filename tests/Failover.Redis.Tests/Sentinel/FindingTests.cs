using System.Collections.Immutable;
using Failover.Redis.Sentinel;
using Failover.Redis.Sets;
using static Failover.Redis.Tests.Sentinel.Words;

namespace Failover.Redis.Tests.Sentinel;

/// <summary>Which nodes and further sentinels are found.</summary>
public class FindingTests
{
    private static readonly HostAndPort Rogue = new("10.9.9.9", 6379);

    private readonly NodeFinding _nodes = new();
    private FailoverMember[] _members = [];

    [Fact]
    public void Master_and_replicas_that_most_list_are_members_in_an_order_that_stays()
    {
        Assert.Null(Take(0, Word(1, B, 5), Word(2, B, 5), Word(3, B, 5)));
        Assert.Equal([A.Member, B.Member, C.Member], _members);

        Take(1, Word(1, C, 6), Word(2, C, 6), Word(3, C, 6));

        Assert.Equal([A.Member, B.Member, C.Member], _members);
    }

    [Fact]
    public void A_node_of_one_sentinel_alone_is_never_taken()
    {
        Take(0, Word(1, A, 5), Word(2, A, 5), Word(3, A, 5) with { Replicas = [B, C, Rogue] });
        Take(1, Word(1, A, 5), Word(2, A, 5), Word(3, Rogue, 9) with { Replicas = [Rogue] });

        Assert.Equal([A.Member, B.Member, C.Member], _members);
    }

    [Fact]
    public void A_node_that_may_not_be_found_is_told_and_the_others_are_taken()
    {
        string? refused = Take(0, Word(1, A, 5) with { Replicas = [B, Rogue] }, Word(2, A, 5) with { Replicas = [B, Rogue] }, null);

        Assert.Equal("10.9.9.9:6379", refused);
        Assert.Equal([A.Member, B.Member], _members);
    }

    [Fact]
    public void A_replica_that_most_no_longer_list_goes_after_a_while_and_the_active_one_never()
    {
        Take(0, Word(1, A, 5), Word(2, A, 5), Word(3, A, 5));
        SentinelWord[] without = [.. new[] { 1, 2, 3 }.Select(static one => Word(one, A, 5) with { Replicas = [B] })];

        Take(100, without);
        Assert.Contains(C.Member, _members);
        Take(129, without);
        Assert.Contains(C.Member, _members);
        Take(130, without);
        Assert.Equal([A.Member, B.Member], _members);

        SentinelWord[] reset = [.. new[] { 1, 2, 3 }.Select(static one => Word(one, A, 5) with { Replicas = [] })];
        Take(200, B.Member, reset);
        Take(300, B.Member, reset);
        Assert.Equal([A.Member, B.Member], _members);
    }

    [Fact]
    public void Nobody_goes_while_most_sentinels_are_silent_or_when_they_list_him_again()
    {
        Take(0, Word(1, A, 5), Word(2, A, 5), Word(3, A, 5));
        SentinelWord without = Word(1, A, 5) with { Replicas = [B] };

        Take(100, without, Word(2, A, 5) with { Replicas = [B] }, null);
        Take(120, without, null, null);
        Take(150, without, Word(2, A, 5) with { Replicas = [B] }, null);
        Assert.Contains(C.Member, _members);
        Take(160, Word(1, A, 5), Word(2, A, 5), null);
        Take(189, without, Word(2, A, 5) with { Replicas = [B] }, null);
        Assert.Contains(C.Member, _members);
    }

    [Fact]
    public void Further_sentinels_are_those_that_most_name_by_one_id_and_address()
    {
        SentinelVoice[] voices = Voices(Word(1, A, 5, 4, 1, 2, 3, 4), Word(2, A, 5, 4, 1, 2, 3, 4), Word(3, A, 5, 4, 1, 2, 3, 5));

        Assert.Equal([At(4)], Further(voices));
    }

    [Fact]
    public void A_liar_brings_no_friends_even_while_the_others_are_silent() =>
        Assert.Empty(Further(Voices(null, null, Word(3, B, 9, 9, 1, 2, 3, 4, 5, 6))));

    [Fact]
    public void One_that_is_configured_alone_is_believed_until_others_are_heard()
    {
        SentinelVoice[] first = Voices(Word(1, A, 5));
        SentinelVoice[] later = [first[0], new(false, Word(2, A, 5), TimeSpan.Zero), new(false, Word(3, A, 5, 3, 1, 2, 3, 4), TimeSpan.Zero)];

        Assert.Equal([At(2), At(3)], Further(first));
        Assert.Empty(Further(later));
    }

    [Fact]
    public void An_address_that_the_settings_map_is_taken_as_theirs()
    {
        SentinelWatchSettings settings = new()
        {
            Group = "cache",
            ServiceName = Service,
            Sentinels = [],
            Access = new(static _ => new((RedisCredentials?)null), null, "tests"),
            Allowed = static () => AllowedMembers.Of([], [], onAnyPort: true, verifiesFully: false),
            AddressMap = ImmutableDictionary<string, string>.Empty.Add("10.9.9.9:6379", "cache.example.com:7001").Add("[2001:db8::1]:6379", "[2001:db8::2]:7002"),
        };

        Assert.Equal(new HostAndPort("cache.example.com", 7001), settings.Reached(Rogue, settings.Allowed()));
        Assert.Equal("redis://[2001:db8::2]:7002/", settings.Reached(Announced.Read("2001:DB8:0::1", "6379")!.Value, settings.Allowed())!.Value.Member.Address.AbsoluteUri);
        Assert.Null(settings.Reached(A, settings.Allowed()));
    }

    private string? Take(int second, params SentinelWord?[] words) => Take(second, null, words);

    private string? Take(int second, FailoverMember? active, params SentinelWord?[] words)
    {
        var now = TimeSpan.FromSeconds(second);
        SentinelVoice[] voices = [.. words.Select(word => new SentinelVoice(true, word, now))];
        (ImmutableArray<FailoverMember> members, string? refused) = _nodes.Take(voices, SentinelVotes.None.Count(Service, voices, now), now, _members, active, static named => named == Rogue ? null : named);
        _members = members.IsEmpty ? _members : [.. members];
        return refused;
    }

    private static HostAndPort[] Further(SentinelVoice[] voices) => [.. SentinelFinding.Further(SentinelFinding.Named(voices, TimeSpan.Zero), voices)];
}
