using System.Reflection;
using Failover.Keepalived.Doctor;

namespace Failover.Keepalived.Tests.Doctor;

/// <summary>The codes that findings can have.</summary>
internal static class Codes
{
    internal static string[] All => [.. typeof(DoctorCode).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Select(static code => (string)code.GetRawConstantValue()!)];
}
