namespace Failover.Keepalived.Doctor;

/// <summary>How much a finding matters.</summary>
public enum DoctorSeverity
{
    /// <summary>Worth knowing: it works, or cannot be judged from here.</summary>
    Information,

    /// <summary>It works until something else happens, or otherwise than it is written.</summary>
    Warning,

    /// <summary>The address does not move when it should, is not held, or the app does not learn of it.</summary>
    Error,
}
