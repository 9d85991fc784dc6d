using System.Collections.Concurrent;
using System.Globalization;
using System.Xml.Linq;

namespace Failover.TestServers.Aws;

/// <summary>Zones, changes and health checks of Route 53.</summary>
public sealed class Route53Storage
{
    internal static readonly XNamespace Space = "https://route53.amazonaws.com/doc/2013-04-01/";

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Route53Zone> _zones = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _changes = new(StringComparer.Ordinal);
    private readonly Func<DateTimeOffset> _now;
    private int _lastChange;

    internal Route53Storage(Func<DateTimeOffset> now) => _now = now;

    /// <summary>Gets the health checks.</summary>
    public Route53HealthChecks HealthChecks { get; } = new();

    /// <summary>Gets or sets how often a change is said to be PENDING before it is INSYNC.</summary>
    public int PendingAnswers { get; set; } = 1;

    /// <summary>Gets how many batches were carried out.</summary>
    public int Changes => Volatile.Read(ref _lastChange);

    /// <summary>Gets or sets what is done right after a batch, as another controller may.</summary>
    public Action<Route53Zone>? AfterChange { get; set; }

    /// <summary>Makes a zone, with the records that each has.</summary>
    /// <param name="id">Its id: <c>Z0123456789</c>.</param>
    /// <param name="name">Its name: <c>example.com</c>.</param>
    public Route53Zone AddZone(string id, string name) => _zones.GetOrAdd(id, _ => new Route53Zone(name, HealthChecks.Has));

    internal static string ActionOf(AwsCall call) => (call.Method, call.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)) switch
    {
        ("POST", ["2013-04-01", "hostedzone", _, "rrset"]) when call.Path.EndsWith('/') => "route53:ChangeResourceRecordSets",
        ("GET", ["2013-04-01", "hostedzone", _, "rrset"]) => "route53:ListResourceRecordSets",
        ("GET", ["2013-04-01", "change", _]) => "route53:GetChange",
        ("POST", ["2013-04-01", "healthcheck"]) => "route53:CreateHealthCheck",
        ("GET", ["2013-04-01", "healthcheck", _]) => "route53:GetHealthCheck",
        ("POST", ["2013-04-01", "healthcheck", _]) => "route53:UpdateHealthCheck",
        ("GET", ["2013-04-01", "healthcheck", _, "status"]) => "route53:GetHealthCheckStatus",
        _ => throw AwsRefusal.Of(404, "UnknownOperationException", "no such operation"),
    };

    internal (int Status, XElement Answer) Do(AwsCall call, AwsIdentity identity)
    {
        string[] path = [.. call.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        (string Action, XElement Set)[] changes = call.Action == "route53:ChangeResourceRecordSets" ? ChangesOf(call) : [];
        Dictionary<string, string[]> conditions = new()
        {
            ["route53:ChangeResourceRecordSetsNormalizedRecordNames"] = [.. changes.Select(static change => Route53Name.Plain(change.Set.Element("Name")!.Value))],
            ["route53:ChangeResourceRecordSetsRecordTypes"] = [.. changes.Select(static change => change.Set.Element("Type")!.Value)],
            ["route53:ChangeResourceRecordSetsActions"] = [.. changes.Select(static change => change.Action)],
        };
        if (!identity.May(call.Action, path.Length > 2 ? $"arn:aws:route53:::{path[1]}/{path[2]}" : "*", conditions))
        {
            throw AwsRefusal.Of(403, "AccessDenied", $"User: arn:aws:iam::123456789012:user/failover is not authorized to perform: {call.Action}");
        }

        lock (_lock)
        {
            return call.Action switch
            {
                "route53:ChangeResourceRecordSets" => (200, Change(ZoneOf(path[2]), changes)),
                "route53:ListResourceRecordSets" => (200, ZoneOf(path[2]).List(call.Query)),
                "route53:GetChange" => (200, new("GetChangeResponse", Info(path[2], IsPending(path[2])))),
                "route53:CreateHealthCheck" => HealthChecks.Create(call.Xml(Space, "CreateHealthCheckRequest")),
                "route53:GetHealthCheck" => (200, HealthChecks.Get(path[2])),
                "route53:UpdateHealthCheck" => (200, HealthChecks.Update(path[2], call.Xml(Space, "UpdateHealthCheckRequest"))),
                _ => (200, HealthChecks.Status(path[2], _now())),
            };
        }
    }

    private static (string Action, XElement Set)[] ChangesOf(AwsCall call)
    {
        XElement request = call.Xml(Space, "ChangeResourceRecordSetsRequest");
        AwsXml.InOrder(request, "ChangeBatch");
        XElement batch = request.Element("ChangeBatch") ?? throw AwsRefusal.Of(400, "InvalidInput", "Invalid request: no batch");
        AwsXml.InOrder(batch, "Comment", "Changes");
        (string, XElement)[] changes = [.. batch.Element("Changes")?.Elements().Select(static change =>
        {
            AwsXml.InOrder(change, "Action", "ResourceRecordSet");
            string action = change.Element("Action")?.Value ?? "";
            XElement set = change.Element("ResourceRecordSet") ?? throw AwsRefusal.Of(400, "InvalidInput", "Invalid request: no set");
            Route53Schema.Check(set);
            return action is "CREATE" or "DELETE" or "UPSERT" ? (action, set) : throw AwsRefusal.Of(400, "InvalidInput", $"Invalid request: Expected exactly one of CREATE, DELETE, UPSERT, and not {action}");
        }) ?? []];
        return changes.Length > 0 && (batch.Element("Comment")?.Value.Length ?? 0) <= 256 ? changes : throw AwsRefusal.Of(400, "InvalidInput", "Invalid request: no changes, or a comment of more than 256 characters");
    }

    private XElement Change(Route53Zone zone, (string Action, XElement Set)[] changes)
    {
        zone.Change(changes);
        string id = string.Create(CultureInfo.InvariantCulture, $"C{Interlocked.Increment(ref _lastChange):D10}FAKE");
        _changes[id] = PendingAnswers;
        AfterChange?.Invoke(zone);
        return new("ChangeResourceRecordSetsResponse", Info(id, isPending: true));
    }

    private bool IsPending(string id)
    {
        if (!_changes.TryGetValue(id, out int left))
        {
            throw AwsRefusal.Of(404, "NoSuchChange", $"Could not find resource with ID: {id}");
        }

        _changes[id] = Math.Max(0, left - 1);
        return left > 0;
    }

    private XElement Info(string id, bool isPending) => new(
        "ChangeInfo",
        new XElement("Id", $"/change/{id}"),
        new XElement("Status", isPending ? "PENDING" : "INSYNC"),
        new XElement("SubmittedAt", _now().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)));

    private Route53Zone ZoneOf(string id) => _zones.TryGetValue(id, out Route53Zone? zone) ? zone : throw AwsRefusal.Of(404, "NoSuchHostedZone", $"No hosted zone found with ID: {id}");
}
