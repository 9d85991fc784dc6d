using System.Globalization;

namespace Failover.Keepalived.Doctor;

/// <summary>One mistake that was found in the configuration of keepalived, or on the host.</summary>
public sealed record DoctorFinding
{
    /// <summary>Gets how much it matters.</summary>
    public required DoctorSeverity Severity { get; init; }

    /// <summary>Gets which mistake it is: a word that stays the same in later versions, like <c>nopreempt</c>. All of them stand in docs/keepalived.md.</summary>
    public required string Code { get; init; }

    /// <summary>Gets what it is about: the keyword in the file, or a path on the host.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the file in which it stands; null if it stands in none.</summary>
    public string? File { get; init; }

    /// <summary>Gets the line in <see cref="File"/>, from 1; null if no single line is wrong.</summary>
    public int? Line { get; init; }

    /// <summary>Gets what is wrong, and what follows from it. One or two sentences.</summary>
    public required string What { get; init; }

    /// <summary>Gets what to do. One sentence.</summary>
    public required string Cure { get; init; }

    /// <summary>Returns all of it in one line.</summary>
    public override string ToString()
    {
        string place = (File, Line) switch
        {
            (null, _) => Key,
            (_, null) => $"{File}, {Key}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}, {Key}"),
        };
        return $"{Severity} {Code} ({place}): {What} {Cure}";
    }
}
