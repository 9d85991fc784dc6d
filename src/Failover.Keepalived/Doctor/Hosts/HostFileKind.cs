namespace Failover.Keepalived.Doctor.Hosts;

/// <summary>What a path leads to.</summary>
internal enum HostFileKind
{
    File,
    Directory,
    Fifo,
    Other,
}
