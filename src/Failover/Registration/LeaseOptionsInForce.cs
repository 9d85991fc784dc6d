using Failover.Leases;
using Microsoft.Extensions.Options;

namespace Failover.Registration;

/// <summary>The settings of one lease: what configuration says of it, changed by code. A change of the configuration that code makes invalid is not taken.</summary>
internal sealed class LeaseOptionsInForce
{
    private readonly string _resource;
    private readonly Action<LeaseOptions>? _configured;
    private readonly LastGoodSection<LeasesOptions> _section;
    private volatile Read _read;

    /// <exception cref="OptionsValidationException">A setting is invalid.</exception>
    internal LeaseOptionsInForce(string resource, Action<LeaseOptions>? configured, LastGoodSection<LeasesOptions> section)
    {
        (_resource, _configured, _section) = (resource, configured, section);
        LeasesOptions from = section.Current;
        LeaseOptions options = from.Of(resource, configured);
        IReadOnlyList<string> problems = LeaseOptionsKeys.Problems($"Failover:Leases:{resource}", options);
        _read = problems.Count == 0 ? new(from, options) : throw new OptionsValidationException(resource, typeof(LeaseOptions), problems);
    }

    internal LeaseOptions Current
    {
        get
        {
            LeasesOptions now = _section.Current;
            if (_read.From != now)
            {
                _read = new(now, Taken(now) ?? _read.Options);
            }

            return _read.Options;
        }
    }

    private LeaseOptions? Taken(LeasesOptions now)
    {
        try
        {
            LeaseOptions options = now.Of(_resource, _configured);
            return LeaseOptionsKeys.Problems(_resource, options).Count == 0 ? options : null;
        }
        catch (Exception)
        {
            // Code of the app, which does not like what the configuration says now.
            return null;
        }
    }

    private sealed record Read(LeasesOptions From, LeaseOptions Options);
}
