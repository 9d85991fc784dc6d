namespace Failover.HealthChecks.Checks;

/// <summary>What a check was about when it failed. An enum: of data, details show no text, which might be anybody's secret.</summary>
internal enum CheckStep
{
    None,
    Open,
    Query,
    Write,
    Set,
    Get,
    Remove,
    Look,
    Answer,
}
