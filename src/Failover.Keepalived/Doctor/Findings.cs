using Failover.Keepalived.Doctor.Reading;

namespace Failover.Keepalived.Doctor;

/// <summary>What was found so far. The same is told once.</summary>
internal sealed class Findings
{
    private const int Max = 1000;

    private readonly List<DoctorFinding> _all = [];

    /// <summary>The findings, those that matter most first.</summary>
    internal IReadOnlyList<DoctorFinding> All => [.. _all.OrderByDescending(static one => one.Severity)];

    internal void Add(DoctorSeverity severity, string code, ConfigLine line, string what, string cure) => Add(severity, code, line.File, line.Number, line.Key, what, cure);

    internal void Add(DoctorSeverity severity, string code, string key, string what, string cure) => Add(severity, code, null, null, key, what, cure);

    internal void Add(DoctorSeverity severity, string code, string? file, int? number, string key, string what, string cure)
    {
        DoctorFinding finding = new() { Severity = severity, Code = code, File = file, Line = number, Key = key, What = what, Cure = cure };
        if (_all.Count < Max && !_all.Contains(finding))
        {
            _all.Add(finding);
        }
    }
}
