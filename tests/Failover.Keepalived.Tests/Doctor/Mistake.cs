using Failover.Keepalived.Doctor;

namespace Failover.Keepalived.Tests.Doctor;

/// <summary>One mistake that somebody can make.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Code">What it is called.</param>
/// <param name="Line">What the line begins with that is told.</param>
/// <param name="Make">Makes it.</param>
internal sealed record Mistake(DoctorSeverity Severity, string Code, string Line, Action<Patient> Make);
