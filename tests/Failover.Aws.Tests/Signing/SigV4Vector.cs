using Failover.Aws.Signing;

namespace Failover.Aws.Tests.Signing;

/// <summary>One request of AWS's test suite, and the signature that it has to get.</summary>
internal sealed record SigV4Vector(string Name, SignedRequest Request, string Signature);
