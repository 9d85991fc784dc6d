namespace Failover.Keepalived.Doctor;

/// <summary>The codes of findings. None is renamed or used for something else later; each stands in docs/keepalived.md.</summary>
internal static class DoctorCode
{
    // The file.
    internal const string Unreadable = "unreadable";
    internal const string Executable = "executable";
    internal const string Syntax = "syntax";
    internal const string Include = "include";
    internal const string NotJudged = "not-judged";
    internal const string UnknownKeyword = "unknown-keyword";
    internal const string KeepalivedSays = "keepalived-says";

    // The instance.
    internal const string NoInstance = "no-instance";
    internal const string NoPreempt = "nopreempt";
    internal const string PreemptDelay = "preempt-delay";
    internal const string NoPreemptMaster = "nopreempt-master";
    internal const string StateMaster = "state-master";
    internal const string PriorityMissing = "priority-missing";
    internal const string PriorityRange = "priority-range";
    internal const string PriorityOwner = "priority-owner";
    internal const string AdvertRange = "advert-range";
    internal const string AdvertVersion2 = "advert-version-2";
    internal const string Authentication = "authentication";
    internal const string AuthPassLong = "auth-pass-long";
    internal const string Strict = "strict";
    internal const string SyncGroup = "sync-group";
    internal const string RouterId = "router-id";
    internal const string RouterIdTwice = "router-id-twice";
    internal const string Interface = "interface";
    internal const string AddressMissing = "address-missing";
    internal const string AddressInvalid = "address-invalid";
    internal const string AddressPrefix = "address-prefix";
    internal const string AddressDevice = "address-device";
    internal const string HigherPrioAdvert = "higher-prio-advert";
    internal const string GarpRefresh = "garp-refresh";
    internal const string NotifyScripts = "notify-scripts";

    // What it tracks.
    internal const string TrackerUnknown = "tracker-unknown";
    internal const string TrackerBelow = "tracker-below";
    internal const string TrackerUnused = "tracker-unused";
    internal const string DemotionSmall = "demotion-small";
    internal const string ScriptSecurity = "script-security";
    internal const string ScriptUser = "script-user";
    internal const string ScriptPath = "script-path";
    internal const string ScriptMissing = "script-missing";
    internal const string ScriptWeight = "script-weight";
    internal const string ScriptFault = "script-fault";
    internal const string ScriptInterval = "script-interval";
    internal const string ProcessName = "process-name";
    internal const string ProcessDotnet = "process-dotnet";
    internal const string ProcessNamespace = "process-namespace";

    // The credit.
    internal const string CreditNotTracked = "credit-not-tracked";
    internal const string CreditDiffers = "credit-differs";
    internal const string CreditWeight = "credit-weight";
    internal const string CreditInit = "credit-init";
    internal const string CreditPriority = "credit-priority";
    internal const string CreditDirectory = "credit-directory";
    internal const string CreditDirectoryRights = "credit-directory-rights";
    internal const string CreditDirectoryOpen = "credit-directory-open";
    internal const string CreditDirectoryUnit = "credit-directory-unit";
    internal const string CrashUnseen = "crash-unseen";
    internal const string CreditStale = "credit-stale";
    internal const string CreditDirectoryBoot = "credit-directory-boot";

    // The FIFO.
    internal const string FifoMissing = "fifo-missing";
    internal const string FifoDiffers = "fifo-differs";
    internal const string FifoTwice = "fifo-twice";
    internal const string FifoReader = "fifo-reader";
    internal const string FifoDirectory = "fifo-directory";
    internal const string FifoFile = "fifo-file";
    internal const string FifoUser = "fifo-user";
    internal const string FifoOwner = "fifo-owner";
    internal const string FifoRemoved = "fifo-removed";
    internal const string PriorityNotTold = "priority-not-told";

    // What the app, or the peer, has otherwise.
    internal const string AppDiffers = "app-differs";
    internal const string PriorityEqual = "priority-equal";
    internal const string PriorityClose = "priority-close";
    internal const string PeerDiffers = "peer-differs";

    // The host.
    internal const string PidStale = "pid-stale";
    internal const string Selinux = "selinux";
    internal const string HostNotExamined = "host-not-examined";
}
