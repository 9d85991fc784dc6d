using System.Collections.Concurrent;
using System.Globalization;
using System.Xml.Linq;

namespace Failover.TestServers.Aws;

/// <summary>The health checks of an account, with versions.</summary>
public sealed class Route53HealthChecks
{
    private const int Checkers = 16;

    private static readonly string[] Settings = ["IPAddress", "Port", "Type", "ResourcePath", "FullyQualifiedDomainName", "SearchString", "RequestInterval", "FailureThreshold", "MeasureLatency", "Inverted", "Disabled", "HealthThreshold", "ChildHealthChecks", "EnableSNI", "Regions"];
    private static readonly string[] Updates = ["HealthCheckVersion", "IPAddress", "Port", "ResourcePath", "FullyQualifiedDomainName", "SearchString", "FailureThreshold", "Inverted", "Disabled", "HealthThreshold", "ChildHealthChecks", "EnableSNI", "Regions", "AlarmIdentifier", "InsufficientDataHealthStatus", "ResetElements"];

    private readonly ConcurrentDictionary<string, (string Reference, int Version, XElement Config)> _checks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _references = new(StringComparer.Ordinal);

    /// <summary>Gets the ids.</summary>
    public IReadOnlyCollection<string> Ids => [.. _checks.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Gets or sets how many of the 16 checkers see a target well, by the id of the check.</summary>
    public Func<string, int> Healthy { get; set; } = static _ => Checkers;

    /// <summary>Returns a setting.</summary>
    public string? this[string id, string setting] => _checks[id].Config.Element(setting)?.Value;

    /// <summary>Changes a setting as someone else would: with a new version.</summary>
    public void Set(string id, string setting, string value)
    {
        (string reference, int version, XElement config) = _checks[id];
        _checks[id] = (reference, version + 1, With(config, [new(setting, value)]));
    }

    /// <summary>Deletes a check. Its reference stays taken.</summary>
    public void Delete(string id) => _checks.TryRemove(id, out _);

    internal bool Has(string id) => _checks.ContainsKey(id);

    internal (int Status, XElement Answer) Create(XElement request)
    {
        AwsXml.InOrder(request, "CallerReference", "HealthCheckConfig");
        string reference = request.Element("CallerReference")?.Value ?? "";
        XElement config = request.Element("HealthCheckConfig") ?? throw AwsRefusal.Of(400, "InvalidInput", "no configuration");
        AwsXml.InOrder(config, Settings);
        if (reference.Length is 0 or > 64 || config.Element("Type")?.Value is not ("HTTPS" or "HTTP" or "TCP") || (config.Element("IPAddress") ?? config.Element("FullyQualifiedDomainName")) is null
            || config.Element("RequestInterval")?.Value is not (null or "10" or "30") || !int.TryParse(config.Element("FailureThreshold")?.Value ?? "3", out int threshold) || threshold is < 1 or > 10)
        {
            throw AwsRefusal.Of(400, "InvalidInput", "Invalid parameter: the configuration of the health check");
        }

        XElement whole = With(config, Defaults().Where(one => config.Element(one.Name) is null));
        if (!_references.TryAdd(reference, 0))
        {
            return _checks.FirstOrDefault(one => one.Value.Reference == reference) is { Key: { } same } found && XNode.DeepEquals(found.Value.Config, whole)
                ? (200, new("CreateHealthCheckResponse", Told(same)))
                : throw AwsRefusal.Of(409, "HealthCheckAlreadyExists", "A health check with that reference was made before, with other settings, or is deleted");
        }

        string id = Guid.NewGuid().ToString();
        _checks[id] = (reference, 1, whole);
        return (201, new("CreateHealthCheckResponse", Told(id)));
    }

    internal XElement Get(string id) => new("GetHealthCheckResponse", Told(id));

    internal XElement Update(string id, XElement request)
    {
        AwsXml.InOrder(request, Updates);
        (string reference, int version, XElement config) = Known(id);
        if (request.Element("HealthCheckVersion") is { } expected && expected.Value != version.ToString(CultureInfo.InvariantCulture))
        {
            throw AwsRefusal.Of(409, "HealthCheckVersionMismatch", "The value of HealthCheckVersion in the request doesn't match the value of HealthCheckVersion in the health check.");
        }

        _checks[id] = (reference, version + 1, With(config, request.Elements().Where(static one => one.Name != "HealthCheckVersion")));
        return new("UpdateHealthCheckResponse", Told(id));
    }

    internal XElement Status(string id, DateTimeOffset now)
    {
        Known(id);
        int healthy = Healthy(id);
        return new("GetHealthCheckStatusResponse", new XElement("HealthCheckObservations", Enumerable.Range(0, Checkers).Select(checker => new XElement(
            "HealthCheckObservation",
            new XElement("Region", "eu-west-1"),
            new XElement("IPAddress", $"198.51.100.{checker}"),
            new XElement("StatusReport", new XElement("Status", checker < healthy ? "Success: HTTP Status Code 200, OK" : "Failure: HTTP Status Code 503, Service Unavailable"), new XElement("CheckedTime", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)))))));
    }

    private XElement Told(string id)
    {
        (string reference, int version, XElement config) = Known(id);
        return new("HealthCheck", new XElement("Id", id), new XElement("CallerReference", reference), config, new XElement("HealthCheckVersion", version));
    }

    private (string Reference, int Version, XElement Config) Known(string id) =>
        _checks.TryGetValue(id, out (string, int, XElement) check) ? check : throw AwsRefusal.Of(404, "NoSuchHealthCheck", $"No health check exists with the specified ID: {id}");

    private static XElement[] Defaults() => [new("RequestInterval", "30"), new("FailureThreshold", "3"), new("MeasureLatency", "false"), new("Inverted", "false"), new("Disabled", "false")];

    private static XElement With(XElement config, IEnumerable<XElement> changed)
    {
        Dictionary<string, XElement> all = config.Elements().ToDictionary(static one => one.Name.LocalName);
        foreach (XElement one in changed)
        {
            all[one.Name.LocalName] = one;
        }

        return new("HealthCheckConfig", Settings.Where(all.ContainsKey).Select(name => new XElement(all[name])));
    }
}
