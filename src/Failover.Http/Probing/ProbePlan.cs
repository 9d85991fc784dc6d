using System.Text;

namespace Failover.Http.Probing;

/// <summary>Checked and parsed <see cref="HttpProbeOptions"/>. Immutable.</summary>
internal sealed class ProbePlan
{
    private readonly string _path;
    private readonly StatusRanges _expected;

    /// <param name="options">The options; already checked by <see cref="Validate"/>.</param>
    internal ProbePlan(HttpProbeOptions options)
    {
        _path = options.Path;
        _expected = StatusRanges.TryParse(options.ExpectedStatus) ?? throw new ArgumentException($"'{options.ExpectedStatus}' is no set of statuses.", nameof(options));
        BodyContains = string.IsNullOrEmpty(options.BodyContains) ? null : Encoding.UTF8.GetBytes(options.BodyContains);
        Version = Version.Parse(options.HttpVersion);
    }

    internal byte[]? BodyContains { get; }

    internal Version Version { get; }

    internal bool Expects(int status) => _expected.Contains(status);

    internal Uri UriOf(FailoverMember member) => new(new Addresses.HttpAddress(member.Address).Prefix + _path, UriKind.Absolute);

    /// <summary>Returns what is wrong: the key within the section, the value given, what is allowed.</summary>
    internal static IEnumerable<(string Key, string? Value, string Allowed)> Validate(HttpProbeOptions options)
    {
        if (options.Path is null || !options.Path.StartsWith('/') || options.Path.Contains('#', StringComparison.Ordinal) || !Uri.TryCreate("http://member" + options.Path, UriKind.Absolute, out _))
        {
            yield return (nameof(options.Path), options.Path, "a path that begins with a slash, like /health");
        }

        if (StatusRanges.TryParse(options.ExpectedStatus) is null)
        {
            yield return (nameof(options.ExpectedStatus), options.ExpectedStatus, "statuses, ranges and classes from 200 to 599, separated by commas, like 200,204 or 200-299 or 2xx");
        }

        if (options.HttpVersion is not ("1.0" or "1.1" or "2.0" or "3.0"))
        {
            yield return (nameof(options.HttpVersion), options.HttpVersion, "1.0, 1.1, 2.0 or 3.0");
        }
    }
}
