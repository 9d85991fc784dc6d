using Failover.Keepalived.Doctor.Hosts;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>Whether what keepalived does reaches the app.</summary>
internal static class FifoRules
{
    internal static readonly string[] OfVrrp = ["vrrp_notify_fifo", "notify_fifo"];
    private static readonly string[] All = [.. OfVrrp, "lvs_notify_fifo"];

    internal static void Look(Examination e)
    {
        ConfigLine[] lines = [.. e.Tree.Globals.Where(static line => All.Contains(line.Key))];
        LookAtDoubles(e, lines);
        ConfigLine[] ofVrrp = [.. lines.Where(static line => OfVrrp.Contains(line.Key))];
        if (e.App is { } app)
        {
            LookAtApp(e, app, ofVrrp);
        }

        if (!e.KnowsHost)
        {
            return;
        }

        if (e.Options.AppUser is { } said && e.Host.User(said) is null)
        {
            e.Error(DoctorCode.FifoUser, nameof(e.Options.AppUser), $"The host has no user {said}, whom the app is said to run as: what is for it cannot be judged.", "Name the user of the app.");
        }

        foreach (ConfigLine line in ofVrrp)
        {
            LookAtPath(e, line);
            LookAtUnits(e, line);
            LookAtOwner(e, line);
        }
    }

    private static void LookAtDoubles(Examination e, ConfigLine[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines.Take(i).FirstOrDefault(before => before.Key == lines[i].Key) is not null)
            {
                e.Warn(DoctorCode.FifoTwice, lines[i], $"There is a {lines[i].Key} before: keepalived drops this one.", "Keep one.");
            }
            else if (lines.Take(i).FirstOrDefault(before => HostPath.Same(before.Value, lines[i].Value)) is { } same)
            {
                e.Error(DoctorCode.FifoTwice, lines[i], $"{same.Key} has the same path: each line stands in the FIFO twice. keepalived -t says that all is well.", $"Remove {(lines[i].Key == "vrrp_notify_fifo" ? same.Key : lines[i].Key)}.");
            }
        }
    }

    private static void LookAtApp(Examination e, KeepalivedOptions app, ConfigLine[] lines)
    {
        ConfigLine? own = lines.FirstOrDefault(line => HostPath.Same(line.Value, app.Fifo));
        if (lines.Length == 0)
        {
            e.Error(DoctorCode.FifoMissing, "vrrp_notify_fifo", "There is no vrrp_notify_fifo: the app learns of nothing, and no credit is acknowledged.", $"Write vrrp_notify_fifo {app.Fifo} and the user of the app in global_defs.");
        }
        else if (own is null)
        {
            e.Error(DoctorCode.FifoDiffers, lines[0], $"keepalived writes to {lines[0].Value}, and the app reads {app.Fifo} (Fifo).", $"Write {app.Fifo}, or set Fifo to the other one.");
        }
        else if (e.Tree.Global($"{own.Key}_script") is { } script)
        {
            e.Error(DoctorCode.FifoReader, script, "keepalived starts a reader of its own for this FIFO: each line goes to one of the two.", $"Remove {script.Key}: the app must be the only reader.");
        }

        if (e.AppInstance is { } instance && !(ConfigValue.Switch(instance.Line.Last("notify_priority_changes")) ?? ConfigValue.Switch(instance.Group?.Last("notify_priority_changes")) ?? ConfigValue.Switch(e.Tree.Global("vrrp_notify_priority_changes")) ?? false))
        {
            e.Error(DoctorCode.PriorityNotTold, instance.Line, $"Changes of the priority of {instance.Name} are not told: no credit is ever acknowledged.", "Write vrrp_notify_priority_changes true in global_defs.");
        }
    }

    private static void LookAtPath(Examination e, ConfigLine line)
    {
        string directory = HostPath.DirectoryOf(line.Value);
        if (e.Host.Look(directory) is not { Kind: HostFileKind.Directory })
        {
            e.Error(DoctorCode.FifoDirectory, line, $"There is no directory {directory}: keepalived runs without the FIFO, and keepalived -t says that all is well.", $"Make it before keepalived starts: {e.Tmpfiles(directory)} in /etc/tmpfiles.d/failover.conf.");
        }
        else if (e.Host.Look(line.Value) is { Kind: not HostFileKind.Fifo })
        {
            e.Error(DoctorCode.FifoFile, line, $"{line.Value} is there and no FIFO: keepalived writes into it what nobody reads. keepalived -t says that all is well.", $"rm {HostPath.Quoted(line.Value)}: keepalived makes the FIFO by itself.");
        }
    }

    private static void LookAtUnits(Examination e, ConfigLine line)
    {
        foreach (Unit unit in e.Services.Where(unit => !unit.IsOfKeepalived && unit.Removes(line.Value)))
        {
            e.Findings.Add(DoctorSeverity.Error, DoctorCode.FifoRemoved, unit.Path, null, "rm", $"{unit.Name} removes {line.Value}: keepalived goes on writing to the one that it made, which nobody can open any more.", "Let it remove the credit alone: keepalived makes and removes the FIFO by itself.");
        }
    }

    private static void LookAtOwner(Examination e, ConfigLine line)
    {
        string? group = line.Words.ElementAtOrDefault(3);
        if (line.Words.ElementAtOrDefault(2) is { } named && (e.Host.User(named) is null || (group is not null && !e.Host.HasGroup(group))))
        {
            e.Error(DoctorCode.FifoUser, line, e.Host.User(named) is null ? $"The host has no user {named}: keepalived drops the FIFO, and keepalived -t says that all is well." : $"The host has no group {group}: keepalived drops the FIFO, and keepalived -t says that all is well.", "Write the user that the app runs as.");
            return;
        }

        // Whoever is not there, or is root, is not judged; and other FIFOs are somebody else's.
        if ((e.App is not null && !HostPath.Same(line.Value, e.App.Fifo)) || e.AppUser is { Id: 0 } || (e.AppUser is null && e.Options.AppUser is not null))
        {
            return;
        }

        HostUser? owner = OwnerOf(e, line);
        if ((e.AppUser ?? (line.Words.Count > 2 ? owner : null)) is not { Id: not 0 } reader)
        {
            e.Warn(DoctorCode.FifoOwner, line, $"keepalived makes {line.Value} for {owner?.Name ?? "nobody"} alone, and who the app runs as is not known.", $"Write {line.Key} {line.Value} and the user of the app; if that is root, tell the doctor (AppUser).");
        }
        else if (e.Host.Look(HostPath.DirectoryOf(line.Value)) is { Kind: HostFileKind.Directory } directory && !directory.LetsEnter(reader))
        {
            e.Error(DoctorCode.FifoOwner, line, $"{reader.Name} cannot enter {HostPath.DirectoryOf(line.Value)}, and so cannot read the FIFO.", $"chmod a+x {HostPath.Quoted(HostPath.DirectoryOf(line.Value))}, and let tmpfiles.d make it so.");
        }
        else if (e.Host.Look(line.Value) is { Kind: HostFileKind.Fifo } there)
        {
            // One that is there already keeps its owner.
            if (!there.LetsRead(reader))
            {
                e.Error(DoctorCode.FifoOwner, line, $"{reader.Name} cannot read {line.Value}, and keepalived does not change the owner of a FIFO that is there.", $"Name {reader.Name} in this line, stop keepalived, rm {HostPath.Quoted(line.Value)}, and start it.");
            }
        }
        else if (owner?.Id != reader.Id)
        {
            e.Error(DoctorCode.FifoOwner, line, $"keepalived makes {line.Value} for {owner?.Name ?? "nobody"} alone: {reader.Name} cannot read it.", $"Write {line.Key} {line.Value} {reader.Name}.");
        }
    }

    // Without a name it is the one for scripts, as far as that is known where the line stands.
    private static HostUser? OwnerOf(Examination e, ConfigLine line) =>
        line.Words.ElementAtOrDefault(2) is { } named ? e.Host.User(named)
        : e.Tree.Globals.LastOrDefault(other => other.Key == "script_user" && other.Order < line.Order) is { } scripts ? e.Host.User(scripts.Value)
        : e.Host.User("keepalived_script") ?? new("root", 0, [0]);
}
