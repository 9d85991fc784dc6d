using Failover.Redis.Sets;

namespace Failover.Redis.Sentinel;

/// <summary>What a message of a sentinel means here.</summary>
internal enum SentinelMessageKind
{
    /// <summary>It may name another master: ask it.</summary>
    MayName,

    /// <summary>Something is up with a node: look at it.</summary>
    Look,

    /// <summary>A failover begins.</summary>
    Begins,

    /// <summary>A failover goes on.</summary>
    GoesOn,

    /// <summary>A replica is told to become the master.</summary>
    Promotes,

    /// <summary>A replica was told so, and is waited for.</summary>
    Awaits,

    /// <summary>The failover comes to nothing.</summary>
    Aborts,

    /// <summary>The sentinel does not trust its clock.</summary>
    Tilts,
}

/// <summary>A message of a sentinel, as far as it is of use here. Pure.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Master">The master that it is about; null where the message names none.</param>
/// <param name="Node">The node that it is about: the master, or a replica.</param>
internal sealed record SentinelMessage(SentinelMessageKind Kind, HostAndPort? Master, HostAndPort? Node)
{
    // Whatever else a sentinel publishes is of no use here.
    private static readonly Dictionary<string, SentinelMessageKind> Kinds = new(StringComparer.Ordinal)
    {
        ["+switch-master"] = SentinelMessageKind.MayName,
        ["+config-update-from"] = SentinelMessageKind.MayName,
        ["+new-epoch"] = SentinelMessageKind.MayName,
        ["+vote-for-leader"] = SentinelMessageKind.MayName,
        ["+monitor"] = SentinelMessageKind.MayName,
        ["+reset-master"] = SentinelMessageKind.MayName,
        ["+sdown"] = SentinelMessageKind.Look,
        ["-sdown"] = SentinelMessageKind.Look,
        ["+odown"] = SentinelMessageKind.Look,
        ["-odown"] = SentinelMessageKind.Look,
        ["+reboot"] = SentinelMessageKind.Look,
        ["+convert-to-slave"] = SentinelMessageKind.Look,
        ["+try-failover"] = SentinelMessageKind.Begins,
        ["+elected-leader"] = SentinelMessageKind.GoesOn,
        ["+selected-slave"] = SentinelMessageKind.GoesOn,
        ["+failover-state-send-slaveof-noone"] = SentinelMessageKind.Promotes,
        ["+failover-state-wait-promotion"] = SentinelMessageKind.Awaits,
        ["+promoted-slave"] = SentinelMessageKind.GoesOn,
        ["+failover-state-reconf-slaves"] = SentinelMessageKind.GoesOn,
        ["+failover-end"] = SentinelMessageKind.GoesOn,
        ["+failover-end-for-timeout"] = SentinelMessageKind.GoesOn,
        ["-failover-abort-not-elected"] = SentinelMessageKind.Aborts,
        ["-failover-abort-no-good-slave"] = SentinelMessageKind.Aborts,
        ["-failover-abort-slave-timeout"] = SentinelMessageKind.Aborts,
        ["-failover-abort-master-is-back"] = SentinelMessageKind.Aborts,
        ["+tilt"] = SentinelMessageKind.Tilts,
    };

    /// <summary>Gets the channels that messages of use come on.</summary>
    internal static IReadOnlyCollection<string> Channels => Kinds.Keys;

    /// <summary>Reads a message; null if it is of no use, or is about another master than this service's. Whatever it holds, this does not throw.</summary>
    internal static SentinelMessage? Read(string? channel, string? text, string service)
    {
        if (channel is null || text is null || !Kinds.TryGetValue(channel, out SentinelMessageKind kind))
        {
            return null;
        }

        string[] words = text.Split(' ', 16, StringSplitOptions.RemoveEmptyEntries);
        switch (channel)
        {
            case "+tilt" or "+new-epoch" or "+vote-for-leader":
                return new(kind, null, null);
            case "+switch-master":
                return words.Length >= 5 && words[0] == service ? new(kind, Announced.Read(words[1], words[2]), Announced.Read(words[3], words[4])) : null;
            default:
                return About(kind, words, service);
        }
    }

    /// <summary>Reads <c>master name ip port …</c> or <c>slave name ip port @ master ip port …</c>.</summary>
    private static SentinelMessage? About(SentinelMessageKind kind, string[] words, string service)
    {
        if (words.Length < 4 || Announced.Read(words[2], words[3]) is not { } node)
        {
            return null;
        }

        return words is ["master", ..]
            ? words[1] == service ? new(kind, node, node) : null
            : words is ["slave" or "sentinel", _, _, _, "@", _, _, _, ..] && words[5] == service && Announced.Read(words[6], words[7]) is { } master ? new(kind, master, words[0] == "slave" ? node : null) : null;
    }
}
