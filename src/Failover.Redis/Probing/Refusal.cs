namespace Failover.Redis.Probing;

/// <summary>Why a node refuses a command, as far as it matters to a probe.</summary>
internal enum Refusal
{
    /// <summary>For a reason that is none of those below.</summary>
    Other,

    /// <summary>It reads its data from the disk, or from its master.</summary>
    Loading,

    /// <summary>It is a replica without its master, and is set to serve nothing then.</summary>
    MasterDown,

    /// <summary>It takes no writes, since it cannot save.</summary>
    CannotSave,

    /// <summary>A script runs for too long.</summary>
    Busy,

    /// <summary>It knows neither user nor password, or wants one.</summary>
    Credentials,

    /// <summary>The user may not ask.</summary>
    Rights,
}

/// <summary>Tells refusals apart.</summary>
internal static class Refusals
{
    /// <summary>Reads an error by its first word. The others may hold names and keys of the user's.</summary>
    internal static Refusal Of(string error)
    {
        int blank = error.IndexOf(' ', StringComparison.Ordinal);
        return (blank < 0 ? error : error[..blank]) switch
        {
            "LOADING" => Refusal.Loading,
            "MASTERDOWN" => Refusal.MasterDown,
            "MISCONF" => Refusal.CannotSave,
            "BUSY" => Refusal.Busy,
            "NOAUTH" or "WRONGPASS" => Refusal.Credentials,
            "NOPERM" => Refusal.Rights,
            _ => Refusal.Other,
        };
    }

    /// <summary>Says it to people.</summary>
    internal static string Say(this Refusal refusal) => refusal switch
    {
        Refusal.Loading => "it loads its data (LOADING)",
        Refusal.MasterDown => "it has lost its master, and serves nothing meanwhile (MASTERDOWN)",
        Refusal.CannotSave => "it takes no writes, since it cannot save (MISCONF)",
        Refusal.Busy => "a script runs for too long (BUSY)",
        Refusal.Credentials => "it does not take the user and password of the group (WRONGPASS or NOAUTH)",
        Refusal.Rights => "the user of the group may not ask PING and INFO (NOPERM)",
        _ => "it answers with an error",
    };
}
