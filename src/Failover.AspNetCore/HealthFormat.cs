namespace Failover.AspNetCore;

/// <summary>The JSON that a health endpoint speaks. Whoever asks for <c>text/plain</c> gets that, in either case.</summary>
public enum HealthFormat
{
    /// <summary><c>application/health+json</c>, as draft-inadarei-api-health-check describes it.</summary>
    HealthJson,

    /// <summary><c>application/json</c> as the UI of AspNetCore.Diagnostics.HealthChecks reads it.</summary>
    HealthChecksUi,
}
