using System.Collections.Immutable;
using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>Which address most of the sentinels bind to which epoch.</summary>
/// <param name="Address">The address, as they name it.</param>
/// <param name="Epoch">The config epoch, in the lineage of this set of sentinels.</param>
internal readonly record struct Binding(HostAndPort Address, Epoch Epoch);

/// <summary>
/// Counts the words of the sentinels. What more than half of all say that are known is a binding, and it stands until so many say otherwise at a higher epoch. Pure and immutable.
/// A single sentinel that lies cannot name a master, nor make itself count twice, nor make so many count that most never agree.
/// </summary>
internal sealed record SentinelVotes
{
    internal static readonly SentinelVotes None = new();

    /// <summary>Gets how many sentinels there are: more than half of these are most.</summary>
    internal int Known { get; private init; }

    /// <summary>Gets how many of them have said something lately.</summary>
    internal int Heard { get; private init; }

    /// <summary>Gets how many of them say what the binding is.</summary>
    internal int Agreeing { get; private init; }

    /// <summary>Gets what most have said; null as long as they have not. It stands when they fall silent.</summary>
    internal Binding? Binding { get; private init; }

    /// <summary>Gets what most say now and what may not be taken: at an epoch that is not above that of the binding. Null if it is not so.</summary>
    internal Binding? Refused { get; private init; }

    /// <summary>Gets whether enough have said something lately for a binding to change.</summary>
    internal bool HasMajority => IsMost(Heard, Known);

    /// <summary>Gets the ids of the sentinels that most know. As long as one of these stays, the set is the same, and so is the lineage.</summary>
    private ImmutableHashSet<string> Ids { get; init; } = [];

    /// <summary>Counts anew.</summary>
    /// <param name="service">The name that the sentinels know the master by.</param>
    /// <param name="voices">What was last heard at each address.</param>
    /// <param name="now">The present time.</param>
    internal SentinelVotes Count(string service, IReadOnlyCollection<SentinelVoice> voices, TimeSpan now)
    {
        List<SentinelWord> words = SentinelVoice.Fresh(voices, now);
        int heard = SentinelVoice.Distinct(words);
        int known = KnownOf(words, SentinelVoice.Configured(voices), heard);
        SentinelVotes counted = this with { Known = known, Heard = heard, Refused = null, Agreeing = Binding is { } old ? Saying(words, old.Address, old.Epoch.Number) : 0 };

        // Two may have a majority when a sentinel says one thing at one address and another at the next: the later one is true.
        (HostAndPort Address, long Epoch)? most = (
            from word in words
            let said = (word.Master, word.Epoch)
            where IsMost(Saying(words, word.Master, word.Epoch), known)
            orderby word.Epoch descending
            select ((HostAndPort, long)?)said).FirstOrDefault();
        return most is { } binding ? counted.Take(service, words, binding.Address, binding.Epoch) : counted;
    }

    private SentinelVotes Take(string service, List<SentinelWord> words, HostAndPort address, long number)
    {
        ImmutableHashSet<string> ids = [.. words.SelectMany(static word => word.Sentinels.Select(static other => other.Id).Append(word.Id)).Distinct().Where(id => IsMost(Knowing(words, id), Known))];
        if (ids.IsEmpty)
        {
            // They do not know each other yet.
            ids = [.. words.Where(word => word.Master == address && word.Epoch == number).Select(static word => word.Id)];
        }

        bool isSame = Ids.IsEmpty || Ids.Overlaps(ids);
        string lineage = isSame && Binding is { } old ? old.Epoch.Lineage : $"{service}@{ids.Min(StringComparer.Ordinal)![..8]}";
        Binding said = new(address, new Epoch(lineage, number));
        return Binding is not { } bound || !isSame || number > bound.Epoch.Number ? this with { Ids = ids, Binding = said, Agreeing = Saying(words, address, number) }
            : said == bound ? this with { Ids = ids }
            : this with { Refused = said };
    }

    /// <summary>How many there are: as many as the settings name, as were heard, or as the middle one of those heard counts. What only a few say, while most are silent, makes them not less.</summary>
    private int KnownOf(List<SentinelWord> words, int configured, int heard)
    {
        int[] told = [.. words.DistinctBy(static word => word.Id).Select(static word => word.Others + 1).Order()];
        int before = Math.Max(Known, configured);
        return IsMost(heard, before)
            ? Math.Max(Math.Max(configured, heard), told[(told.Length - 1) / 2])
            : Math.Max(before, heard);
    }

    internal static bool IsMost(int some, int all) => some * 2 > all;

    /// <summary>How many say so. Each counts once for what it says, wherever it was asked.</summary>
    private static int Saying(List<SentinelWord> words, HostAndPort address, long epoch) => SentinelVoice.Distinct(words.Where(word => word.Master == address && word.Epoch == epoch));

    private static int Knowing(List<SentinelWord> words, string id) => SentinelVoice.Distinct(words.Where(word => word.Id == id || word.Sentinels.Any(other => other.Id == id)));
}
