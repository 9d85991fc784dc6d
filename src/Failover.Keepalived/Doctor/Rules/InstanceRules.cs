using System.Globalization;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>How an instance is elected, and what becomes of the network after a split brain.</summary>
internal static class InstanceRules
{
    private const decimal Shortest = 0.01m;
    private const decimal Step = 0.01m;
    private const decimal LongestOf3 = 40.95m;
    private const decimal LongestOf2 = 255m;
    private const int LongestAuthPass = 8;

    internal static void Look(Examination e)
    {
        if (e.Instances.Count == 0)
        {
            e.Error(DoctorCode.NoInstance, "vrrp_instance", "There is no vrrp_instance: keepalived holds no address.", "Write one, or take what KeepalivedConfig renders.");
        }

        foreach (VrrpInstance instance in e.Instances)
        {
            LookAtPreemption(e, instance);
            LookAtPriority(e, instance);
            LookAtAdverts(e, instance);
            LookAtAuthentication(e, instance);
            LookAtCures(e, instance);
            LookAtGroup(e, instance);
            LookAtNotifyScripts(e, instance);
        }
    }

    private static void LookAtPreemption(Examination e, VrrpInstance instance)
    {
        ConfigLine? nopreempt = instance.Line.Block.LastOrDefault(static line => line.Key is "nopreempt" or "preempt") is { Key: "nopreempt" } last ? last : null;
        if (nopreempt is not null && instance.IsMaster)
        {
            e.Warn(DoctorCode.NoPreemptMaster, nopreempt, "With state MASTER keepalived drops nopreempt.", "Remove nopreempt: whether to switch back is decided by the app.");
        }
        else if (nopreempt is not null && HasWeights(instance))
        {
            e.Error(DoctorCode.NoPreempt, nopreempt, "With nopreempt this node does not take over from one whose priority has fallen: a peer that is not well keeps the address. keepalived -t says that all is well.", "Remove nopreempt: whether to switch back is decided by the app.");
        }

        if (instance.Line.Last("preempt_delay") is { } delay && !instance.IsMaster && nopreempt is null && HasWeights(instance))
        {
            e.Error(DoctorCode.PreemptDelay, delay, $"With preempt_delay this node takes over from one whose priority has fallen only after {delay.Value} seconds.", "Remove preempt_delay: whether to switch back, and when, is decided by the app.");
        }

        if (instance.IsMaster)
        {
            e.Inform(DoctorCode.StateMaster, instance.Line.Last("state")!, "state MASTER does not make this node the preferred one: the priority does. At most it waits less for another master when it starts.", "Write state BACKUP on both nodes.");
        }
    }

    private static bool HasWeights(VrrpInstance instance) => instance.Trackers.Any(static one => one.Weight != 0);

    private static void LookAtPriority(Examination e, VrrpInstance instance)
    {
        if (instance.Line.Last("priority") is not { } line)
        {
            e.Warn(DoctorCode.PriorityMissing, instance.Line, $"{instance.Name} has no priority: keepalived takes {instance.Priority}{(instance.Priority == VrrpInstance.Owner ? ", of which no weight counts" : "")}.", "Write one, 50 on the preferred node and 40 on the other.");
        }
        else if (ConfigValue.Integer(line.Value) is not (>= 1 and <= VrrpInstance.Owner))
        {
            e.Warn(DoctorCode.PriorityRange, line, $"{line.Value} is no priority from 1 to 255: keepalived takes 100.", "Write one from 1 to 54.");
        }
        else if (instance.Priority == VrrpInstance.Owner)
        {
            e.Error(DoctorCode.PriorityOwner, line, "255 is for the owner of an address: keepalived drops the weight of all that is tracked.", "Write a priority from 1 to 54.");
        }
    }

    private static void LookAtAdverts(Examination e, VrrpInstance instance)
    {
        if (instance.Line.Last("advert_int") is not { } line)
        {
            return;
        }

        decimal? given = ConfigValue.Seconds(line.Value);
        if (given is not { } seconds || seconds < Shortest || seconds > LongestOf2)
        {
            e.Warn(DoctorCode.AdvertRange, line, $"{line.Value} is no interval from 0.01 to 255 seconds: keepalived takes 1.", "Write 0.2, or what fits the network.");
        }
        else if (instance.Version == 2 && seconds % 1 != 0)
        {
            e.Warn(DoctorCode.AdvertVersion2, line, string.Create(CultureInfo.InvariantCulture, $"Version 2 of VRRP knows whole seconds only: keepalived takes {Math.Max(1, Math.Floor(seconds + 0.5m))}."), "Write vrrp_version 3 in global_defs, on both nodes.");
        }
        else if (instance.Version == 3 && seconds > LongestOf3)
        {
            e.Warn(DoctorCode.AdvertRange, line, $"{line.Value} is more than version 3 of VRRP can tell: keepalived takes 40.95.", "Write 0.2, or what fits the network.");
        }
        else if (instance.Version == 3 && seconds % Step != 0)
        {
            e.Warn(DoctorCode.AdvertRange, line, $"{line.Value} is not in steps of 0.01 seconds: keepalived rounds it.", "Write 0.2, or what fits the network.");
        }
    }

    private static void LookAtAuthentication(Examination e, VrrpInstance instance)
    {
        if (instance.Line.Last("authentication") is not { } block)
        {
            return;
        }

        if (instance.Version == 3)
        {
            e.Warn(DoctorCode.Authentication, block, "Version 3 of VRRP has no authentication: keepalived drops it, and anybody in the subnet can send adverts.", "Remove it; where that matters, let a firewall accept protocol 112 from the peer alone.");
        }

        if (block.Last("auth_pass") is { } pass && pass.Value.Length > LongestAuthPass)
        {
            e.Warn(DoctorCode.AuthPassLong, pass, $"Only {LongestAuthPass} characters of a password are used.", $"Write one of {LongestAuthPass}; it is sent in clear in any case.");
        }
    }

    private static void LookAtCures(Examination e, VrrpInstance instance)
    {
        if (instance.IsStrict)
        {
            e.Error(DoctorCode.Strict, instance.Line.Last("strict_mode") ?? e.Tree.Global("vrrp_strict")!, $"In strict mode keepalived drops higher_prio_send_advert and unicast peers, and a firewall rule keeps packets away from the address of {instance.Name}.", "Remove vrrp_strict and strict_mode.");
            return;
        }

        if (!(ConfigValue.Switch(instance.Line.Last("higher_prio_send_advert")) ?? ConfigValue.Switch(e.Tree.Global("vrrp_higher_prio_send_advert")) ?? false))
        {
            e.Warn(DoctorCode.HigherPrioAdvert, instance.Line, $"{instance.Name} has no higher_prio_send_advert: when a split brain heals, the node that stays master may not learn that there was another, and clients go on sending to the wrong one until their ARP entries are renewed.", "Write vrrp_higher_prio_send_advert true in global_defs.");
        }

        string? refresh = (instance.Line.Last("garp_master_refresh") ?? e.Tree.Global("vrrp_garp_master_refresh"))?.Value;
        if (ConfigValue.Integer(refresh) is not > 0)
        {
            e.Warn(DoctorCode.GarpRefresh, instance.Line, $"{instance.Name} has no garp_master_refresh: the master announces itself only when it becomes one, and a client or switch that has learned something else is not put right.", "Write vrrp_garp_master_refresh 5 in global_defs.");
        }
    }

    private static void LookAtGroup(Examination e, VrrpInstance instance)
    {
        if (instance is { LosesWeights: true, Group: { } group } && HasWeights(instance))
        {
            e.Error(DoctorCode.SyncGroup, group, $"{instance.Name} is in {group.Value}, and in a sync group keepalived drops weights: each credit other than 0 counts as a failure.", "Take it out of the group, or write sync_group_tracking_weight into the group.");
        }
    }

    private static void LookAtNotifyScripts(Examination e, VrrpInstance instance)
    {
        foreach (ConfigLine owner in new[] { instance.Line, instance.Group }.OfType<ConfigLine>())
        {
            if (owner.Block.FirstOrDefault(static line => line.Key.StartsWith("notify", StringComparison.Ordinal) && line.Key != "notify_priority_changes") is { } script)
            {
                e.Inform(DoctorCode.NotifyScripts, script, "Scripts run side by side: what they do can end in another order than it happened in.", "Let the app act on its FIFO, which keeps the order, or make the scripts ask for the state.");
            }
        }
    }
}
