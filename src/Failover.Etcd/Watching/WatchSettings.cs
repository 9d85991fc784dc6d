namespace Failover.Etcd.Watching;

/// <summary>What is watched, and where. Settings in force do not change; others take their place.</summary>
/// <param name="Options">Where etcd is.</param>
/// <param name="Key">The key.</param>
internal readonly record struct WatchSettings(EtcdOptions Options, string Key);
