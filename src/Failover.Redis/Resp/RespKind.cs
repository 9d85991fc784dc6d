namespace Failover.Redis.Resp;

/// <summary>What a value of RESP2 is.</summary>
internal enum RespKind
{
    /// <summary>Nothing: a bulk string or an array of the length -1.</summary>
    Null,

    /// <summary>A simple or a bulk string.</summary>
    Text,

    /// <summary>An integer.</summary>
    Number,

    /// <summary>An array.</summary>
    Array,

    /// <summary>An error.</summary>
    Error,
}
