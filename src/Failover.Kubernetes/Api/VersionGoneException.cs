namespace Failover.Kubernetes.Api;

/// <summary>The API server no longer knows what happened since the version that was asked for (410): the state must be read anew.</summary>
internal sealed class VersionGoneException() : Exception("the API server has forgotten that version (410)");
