using System.Globalization;
using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>What is tracked: whether it is there, and whether its weight moves anything.</summary>
internal static class TrackerRules
{
    internal static void Look(Examination e)
    {
        foreach (VrrpInstance instance in e.Instances)
        {
            foreach (Tracker tracker in instance.Trackers)
            {
                LookAtDefinition(e, instance, tracker);
                LookAtDemotion(e, instance, tracker);
            }
        }

        foreach (TrackerKind kind in TrackerKind.All)
        {
            foreach (ConfigLine unused in kind.Definitions(e.Tree).Where(definition => !IsUsed(e.Tree, kind, definition)))
            {
                e.Warn(DoctorCode.TrackerUnused, unused, $"Nothing tracks {unused.Value}: it changes nothing.", $"Name it in the {kind.Use} block of the instance, or remove it.");
            }
        }
    }

    // Files also serve the health checks of real servers.
    private static bool IsUsed(ConfigTree tree, TrackerKind kind, ConfigLine definition) =>
        tree.All("vrrp_instance", "vrrp_sync_group").Any(owner => owner.Inside(kind.Use).Any(use => use.Key == definition.Value))
        || (kind == TrackerKind.File && tree.All("virtual_server").Any());

    private static void LookAtDefinition(Examination e, VrrpInstance instance, Tracker tracker)
    {
        if (tracker.Definition is not null || tracker.Kind == TrackerKind.Interface)
        {
            return;
        }

        if (tracker.Kind.Definitions(e.Tree).FirstOrDefault(one => one.Value == tracker.Name) is { } below)
        {
            e.Error(DoctorCode.TrackerBelow, tracker.Use, $"{tracker.Name} is defined in line {below.Number.ToString(CultureInfo.InvariantCulture)}, below the instance: keepalived does not find it, and {instance.Name} runs without it.", $"Put its block above that of {instance.Name}.");
        }
        else
        {
            e.Error(DoctorCode.TrackerUnknown, tracker.Use, $"There is no {tracker.Kind.Keys[0]} {tracker.Name}: {instance.Name} runs without it.", $"Define it above {instance.Name}, or write the name as it is defined.");
        }
    }

    // The credit is no such demotion: it adds what the node is worth, and has rules of its own.
    private static void LookAtDemotion(Examination e, VrrpInstance instance, Tracker tracker)
    {
        int weight = Math.Abs(tracker.Weight);
        if (tracker.Kind == TrackerKind.File || weight == 0 || instance.Priority == VrrpInstance.Owner || PeerPriority(e, instance) is not { } peer || instance.Priority - peer is not (> 0 and var gap))
        {
            return;
        }

        // Of two nodes that are as fit this one may have 2 more: each credit has three values.
        int least = gap + (instance.IsCredited ? KeepalivedValues.LeastDistance : 1);
        if (weight >= least)
        {
            return;
        }

        string stays = weight < gap ? "stays below" : weight == gap ? "stays level with" : "may stay level with";
        // What makes a script fail may befall both nodes at once: it must not be FAULT.
        string cure = tracker.Kind == TrackerKind.Script
            ? string.Create(CultureInfo.InvariantCulture, $"Write weight {-Math.Max(-KeepalivedValues.HangWeight, least)}.")
            : string.Create(CultureInfo.InvariantCulture, $"Write weight 0, by which the node gives the address up, or one of at least {least}.");
        e.Error(
            DoctorCode.DemotionSmall,
            tracker.Use,
            string.Create(CultureInfo.InvariantCulture, $"When {tracker.Name} fails this node loses {weight}, and is {gap} above its peer: the peer {stays} it, and the address does not move."),
            cure);
    }

    private static int? PeerPriority(Examination e, VrrpInstance instance) =>
        e.Peer?.InstanceLike(instance)?.Priority ?? (ReferenceEquals(instance, e.AppInstance) ? e.App!.PeerPriority : null);
}
