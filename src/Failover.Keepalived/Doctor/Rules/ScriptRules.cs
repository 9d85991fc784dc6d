using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>Scripts that are tracked: whether keepalived runs them at all.</summary>
internal static class ScriptRules
{
    private const int MaxWeight = 253;
    private const string DefaultUser = "keepalived_script";

    internal static void Look(Examination e)
    {
        ConfigLine[] scripts = [.. TrackerKind.Script.Definitions(e.Tree)];
        bool isSecure = e.Tree.Global("enable_script_security") is not null;
        if (scripts.Length > 0 && !isSecure)
        {
            e.Warn(DoctorCode.ScriptSecurity, scripts[0], "Without enable_script_security keepalived also runs, as root, a script that others can change.", "Write enable_script_security and script_user nobody in global_defs.");
        }

        LookAtFault(e);
        foreach (ConfigLine script in scripts)
        {
            LookAtNumbers(e, script);
            if (e.KnowsHost)
            {
                LookAtProgram(e, script, isSecure, UserOf(e, script, isSecure));
            }
        }
    }

    private static void LookAtFault(Examination e)
    {
        IEnumerable<Tracker> scripts = e.Instances.Where(static one => one.IsCredited).SelectMany(static one => one.Trackers).Where(static one => one.Kind == TrackerKind.Script);
        foreach (Tracker tracker in scripts.Where(static one => one.Weight == 0 && one.Definition is not null))
        {
            ConfigLine line = tracker.Use.Words.Count > 1 ? tracker.Use : tracker.Definition!.Last("weight") ?? tracker.Definition;
            e.Warn(DoctorCode.ScriptFault, line, $"With weight 0 a failure of {tracker.Name} is FAULT: what makes it fail on both nodes at once, like a machine that stands still for a second, leaves the address with nobody.", $"Write weight {KeepalivedValues.HangWeight}: then a peer with a credit is above this node, and nothing moves while both fail.");
        }
    }

    private static void LookAtNumbers(Examination e, ConfigLine script)
    {
        if (script.Last("weight") is { } weight && ConfigValue.Integer(weight.Value) is not (>= -MaxWeight and <= MaxWeight))
        {
            e.Warn(DoctorCode.ScriptWeight, weight, $"{weight.Value} is no weight from -{MaxWeight} to {MaxWeight}.", $"Write weight {KeepalivedValues.HangWeight}, by which any peer that is fit is above it.");
        }

        if (script.Last("interval") is { } interval && ConfigValue.Integer(interval.Value) is not >= 1)
        {
            e.Warn(DoctorCode.ScriptInterval, interval, $"{interval.Value} is no whole number of seconds of 1 or more: keepalived takes 1.", "Write interval 1; what must be faster is the credit's part.");
        }
    }

    /// <summary>Who runs the script: root, if nobody else is named and there is no user for it.</summary>
    private static HostUser? UserOf(Examination e, ConfigLine script, bool isSecure)
    {
        HostUser root = new("root", 0, [0]);
        ConfigLine? named = script.Last("user") ?? e.Tree.Global("script_user");
        if (named is null)
        {
            HostUser? byDefault = e.Host.User(DefaultUser);
            if (byDefault is null && isSecure)
            {
                e.Error(DoctorCode.ScriptUser, script, $"No user is named for {script.Value}, and the host has no user {DefaultUser}: keepalived removes the script.", "Write script_user nobody in global_defs.");
            }

            return byDefault ?? (isSecure ? null : root);
        }

        HostUser? user = e.Host.User(named.Value);
        if (user is null)
        {
            e.Error(DoctorCode.ScriptUser, named, $"The host has no user {named.Value}: keepalived removes the script.", "Write script_user nobody in global_defs.");
        }

        return user;
    }

    private static void LookAtProgram(Examination e, ConfigLine script, bool isSecure, HostUser? user)
    {
        if (script.Last("script") is not { } line || user is null)
        {
            return;
        }

        // What begins with < is no program: keepalived opens the file itself.
        if (LineText.Words(line.Value) is not [['/', ..] and var program, ..])
        {
            return;
        }

        if (e.Host.Look(program) is null)
        {
            e.Error(DoctorCode.ScriptMissing, line, $"There is no {program}: keepalived removes the script, and {script.Value} is not tracked.", "Write the whole path of a program that is there.");
        }
        else if (Unsafe(e.Host, program) is { } part)
        {
            if (user.Id == 0 && isSecure)
            {
                e.Error(DoctorCode.ScriptPath, line, $"Others than root can change {part}: keepalived does not run the script as root, and {script.Value} is not tracked.", $"Put it where only root can write, like /usr/local/sbin, or write script_user nobody.");
            }
            else
            {
                e.Warn(DoctorCode.ScriptPath, line, $"Others than root can change {part}, and keepalived runs what it finds there as {user.Name}.", "Put it where only root can write, like /usr/local/sbin.");
            }
        }
    }

    /// <summary>The part of a path that others than root can change; null if there is none.</summary>
    private static string? Unsafe(IHost host, string program)
    {
        for (int end = 1; end <= program.Length; end = end == program.Length ? end + 1 : program.IndexOf('/', end + 1) is var next and > 0 ? next : program.Length)
        {
            string part = program[..end];
            if (host.Look(part) is { } found && (found.Owner != 0
                || (!(found.Kind == HostFileKind.Directory && found.Mode.HasFlag(UnixFileMode.StickyBit))
                    && ((found.Group != 0 && found.Mode.HasFlag(UnixFileMode.GroupWrite)) || found.Mode.HasFlag(UnixFileMode.OtherWrite)))))
            {
                return part;
            }
        }

        return null;
    }
}
