namespace Failover.Etcd.Client;

/// <summary>What an endpoint did in place of answering. The message is made of codes alone: what a server says may hold anything.</summary>
internal sealed class EtcdException(string evidence, EtcdFault fault) : Exception(evidence)
{
    /// <summary>Gets what it means.</summary>
    internal EtcdFault Fault => fault;
}

/// <summary>What a fault means for the caller.</summary>
internal enum EtcdFault
{
    /// <summary>No answer, or none that can be read: another endpoint may do better. Whether the call was carried out is not known.</summary>
    Unreachable,

    /// <summary>The token is missing, over, or older than a change of the users: a new one may help.</summary>
    TokenRefused,

    /// <summary>etcd asks for no user.</summary>
    NoAuthentication,

    /// <summary>What was named is not there: a lease that is over.</summary>
    Missing,

    /// <summary>What was to be made is there already.</summary>
    Exists,

    /// <summary>etcd has understood the call and says no; any endpoint would.</summary>
    Refused,
}
