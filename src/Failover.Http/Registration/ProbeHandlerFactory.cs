namespace Failover.Http.Registration;

/// <summary>What the user gave to send a group's probes with.</summary>
internal sealed record ProbeHandlerFactory(Func<IServiceProvider, HttpMessageHandler> Create);
