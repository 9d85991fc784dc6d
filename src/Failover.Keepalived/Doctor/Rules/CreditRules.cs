using System.Globalization;
using Failover.Keepalived.Configuration;
using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor.Rules;

/// <summary>Whether keepalived counts what the app writes. It fails open: a file that it does not find, or does not watch, leaves the priority as it is.</summary>
internal static class CreditRules
{
    internal static void Look(Examination e)
    {
        if (e is { App: { } app, AppInstance: { } instance })
        {
            LookAtPath(e, app, instance);
            if (e.KnowsHost)
            {
                LookAtEnd(e, app, instance);
            }

            if (instance.Priority is > KeepalivedValues.HighestPriority and < VrrpInstance.Owner)
            {
                e.Error(DoctorCode.CreditPriority, instance.Line.Last("priority") ?? instance.Line, string.Create(CultureInfo.InvariantCulture, $"With a credit of 200 on top of {instance.Priority} the priority ends at 254, as on any node that is ready: none is the preferred one."), "Write a priority from 1 to 54.");
            }
        }

        Tracker[] files = [.. e.Instances.SelectMany(static one => one.Files).Where(static one => one.Definition is not null)];
        bool isOne = files.Select(PathOf).Distinct().Count() == 1;
        foreach (Tracker tracker in files)
        {
            LookAtInit(e, tracker.Definition!, isCredit: e.App is not null && IsCredit(e.App, tracker));
            if (e.KnowsHost && PathOf(tracker) is { } path)
            {
                // Others write the other files.
                DirectoryRules.Look(e, tracker.Definition!.Last("file")!, path, isApps: e.App is { } writer ? IsCredit(writer, tracker) : isOne);
            }
        }
    }

    private static void LookAtPath(Examination e, KeepalivedOptions app, VrrpInstance instance)
    {
        Tracker[] found = [.. instance.Files.Where(one => IsCredit(app, one))];
        if (found.Length == 0)
        {
            Tracker? other = instance.Files.FirstOrDefault(static one => one.Definition?.Last("file") is not null);
            if (other is not null)
            {
                e.Error(DoctorCode.CreditDiffers, other.Definition!.Last("file")!, $"keepalived tracks {PathOf(other)}, and the app writes {app.CreditFile} (CreditFile): no credit ever counts.", $"Write file \"{app.CreditFile}\", or set CreditFile to the other one.");
            }
            else
            {
                e.Error(DoctorCode.CreditNotTracked, instance.Line, $"{instance.Name} tracks no file: what the app decides never counts.", $"Write a track_file with file \"{app.CreditFile}\", weight 1 and init_file 0 overwrite above it, and its name in a track_file block of {instance.Name}.");
            }
        }

        foreach (Tracker credit in found.Where(static one => one.Weight != 1))
        {
            e.Error(DoctorCode.CreditWeight, credit.Use.Words.Count > 1 ? credit.Use : credit.Definition!.Last("weight") ?? credit.Definition, credit.Weight == 0 ? "With weight 0 each credit other than 0 counts as a failure of the node." : string.Create(CultureInfo.InvariantCulture, $"With weight {credit.Weight} a credit of 200 counts as {200 * credit.Weight}."), "Write weight 1.");
        }
    }

    // The file outlives the app.
    private static void LookAtEnd(Examination e, KeepalivedOptions app, VrrpInstance instance)
    {
        ConfigLine? process = instance.Trackers.FirstOrDefault(static one => one.Kind == TrackerKind.Process)?.Definition;
        string cure = $"ExecStopPost=/usr/bin/rm -f {HostPath.Quoted(app.CreditFile)} into the unit of the app, and ExecStartPre= the same";
        if (process is null && !instance.Trackers.Any(static one => one.Kind == TrackerKind.Script) && !e.Services.Any(unit => unit.RemovesAtEnd(app.CreditFile)))
        {
            e.Warn(DoctorCode.CrashUnseen, instance.Line, "Nothing sees an app that was killed: its last credit goes on to count, and the node keeps the address.", $"Track its process (ProcessName), or write {cure}.");
        }
        else if (process is not null && app.ProcessName is null && !e.Services.Any(unit => unit.Removes(app.CreditFile)))
        {
            e.Warn(DoctorCode.CreditStale, process, "When an app that was killed is started again, its process is there at once, and the credit that it left counts until it has written its own: the node gets the address before it is ready. fork_delay does not help: it is for forks.", $"Set ProcessName in the settings of the app, and track that; or write {cure}.");
        }
    }

    private static void LookAtInit(Examination e, ConfigLine definition, bool isCredit)
    {
        ConfigLine? init = definition.Last("init_file");
        bool isOverwritten = init?.Words.Contains("overwrite") == true;
        int value = init?.Words.Skip(1).Select(ConfigValue.Integer).OfType<int>().LastOrDefault() ?? 0;
        string? what = init is null ? "Without init_file keepalived starts with what the file held before, or with nothing."
            : !isOverwritten ? "Without overwrite keepalived starts with what the file held before, though nothing is proven yet."
            : value != 0 ? string.Create(CultureInfo.InvariantCulture, $"keepalived starts with {value}, before the app has proven anything.")
            : null;
        if (what is not null)
        {
            e.Findings.Add(isCredit ? DoctorSeverity.Error : DoctorSeverity.Warning, DoctorCode.CreditInit, init ?? definition, what, "Write init_file 0 overwrite.");
        }
    }

    private static bool IsCredit(KeepalivedOptions app, Tracker tracker) => PathOf(tracker) is { } path && HostPath.Same(path, app.CreditFile);

    private static string? PathOf(Tracker tracker) => tracker.Definition?.Last("file")?.Value;
}
