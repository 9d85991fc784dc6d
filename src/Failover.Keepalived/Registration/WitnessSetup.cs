namespace Failover.Keepalived.Registration;

/// <summary>Where the lease of the witness is kept.</summary>
internal sealed record WitnessSetup(Action<ArbiterBuilder> Configure);
