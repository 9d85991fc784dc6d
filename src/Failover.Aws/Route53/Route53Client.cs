using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Failover.Aws.Api;
using Failover.Aws.Registration;

namespace Failover.Aws.Route53;

/// <summary>The calls of Route 53 that are needed here, in REST and XML. For any thread.</summary>
/// <param name="aws">The client of the service.</param>
internal sealed class Route53Client(AwsClient aws) : IDisposable
{
    private const string Version = "/2013-04-01";
    private const string Type = "text/xml";
    private const int PageSize = 20;
    private const int MaxPages = 5;

    private static readonly XNamespace Space = "https://route53.amazonaws.com/doc/2013-04-01/";

    internal AwsClient Aws => aws;

    /// <summary>Reads all record sets of a name, and of one below it if that is asked for, in one request as a rule: they stand together in the zone.</summary>
    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal async Task<IReadOnlyList<RecordSet>> ReadAsync(string zone, string name, string? beside, CancellationToken cancellationToken)
    {
        List<RecordSet> found = [];
        RecordPage page = await ListAsync(zone, Start(name), cancellationToken).ConfigureAwait(false);
        for (int pages = 1; ; pages++)
        {
            found.AddRange(page.Sets.Where(set => set.Name == name || set.Name == beside));
            if (page.Next is null || page.NextName != name)
            {
                break;
            }

            if (pages == MaxPages)
            {
                throw new AwsException(AwsFault.Refused, $"{name} has more than {PageSize * MaxPages} record sets");
            }

            page = await ListAsync(zone, page.Next, cancellationToken).ConfigureAwait(false);
        }

        if (beside is not null && page.Next is not null && !found.Any(set => set.Name == beside))
        {
            found.AddRange((await ListAsync(zone, Start(beside), cancellationToken).ConfigureAwait(false)).Sets.Where(set => set.Name == beside));
        }

        return found;
    }

    /// <summary>Makes changes, all or none.</summary>
    /// <param name="zone">The id of the zone.</param>
    /// <param name="comment">What they are for; up to 256 characters.</param>
    /// <param name="changes">What is done, in order: DELETE of a set exactly as it is, CREATE of one that is not there.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal async Task<ChangeState> ChangeAsync(string zone, string comment, IEnumerable<(string Action, RecordSet Set)> changes, CancellationToken cancellationToken)
    {
        XElement batch = new(
            "ChangeResourceRecordSetsRequest",
            new XElement(
                "ChangeBatch",
                new XElement("Comment", comment),
                new XElement("Changes", changes.Select(static change => new XElement("Change", new XElement("Action", change.Action), change.Set.Xml)))));
        return ChangeOf(await SendAsync(HttpMethod.Post, $"/hostedzone/{zone}/rrset/", batch, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks how far a change is.</summary>
    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal async Task<ChangeState> GetChangeAsync(string id, CancellationToken cancellationToken) =>
        ChangeOf(await SendAsync(HttpMethod.Get, $"/change/{Uri.EscapeDataString(id)}", null, cancellationToken).ConfigureAwait(false));

    /// <summary>Makes a health check; if the very same was made by this reference before, it is that one.</summary>
    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal async Task<HealthCheck> CreateHealthCheckAsync(string reference, XElement config, CancellationToken cancellationToken) =>
        CheckOf(await SendAsync(HttpMethod.Post, "/healthcheck", new("CreateHealthCheckRequest", new XElement("CallerReference", reference), config), cancellationToken).ConfigureAwait(false));

    /// <summary>Reads a health check.</summary>
    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal async Task<HealthCheck> GetHealthCheckAsync(string id, CancellationToken cancellationToken) =>
        CheckOf(await SendAsync(HttpMethod.Get, $"/healthcheck/{Uri.EscapeDataString(id)}", null, cancellationToken).ConfigureAwait(false));

    /// <summary>Changes settings of a health check, if it is still at its version.</summary>
    /// <param name="check">The check as it was read.</param>
    /// <param name="settings">The settings that change, in the order of Route 53's schema.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal async Task<HealthCheck> UpdateHealthCheckAsync(HealthCheck check, IEnumerable<XElement> settings, CancellationToken cancellationToken) =>
        CheckOf(await SendAsync(HttpMethod.Post, $"/healthcheck/{Uri.EscapeDataString(check.Id)}", new("UpdateHealthCheckRequest", new XElement("HealthCheckVersion", check.Version), settings), cancellationToken).ConfigureAwait(false));

    /// <summary>Reads what each of Route 53's checkers saw last.</summary>
    /// <exception cref="AwsException">There is no answer of success.</exception>
    internal async Task<IReadOnlyList<string>> GetObservationsAsync(string id, CancellationToken cancellationToken)
    {
        XElement answer = await SendAsync(HttpMethod.Get, $"/healthcheck/{Uri.EscapeDataString(id)}/status", null, cancellationToken).ConfigureAwait(false);
        return [.. Required(answer, "HealthCheckObservations").Elements(Space + "HealthCheckObservation").Select(static one => one.Element(Space + "StatusReport")?.Element(Space + "Status")?.Value ?? "")];
    }

    public void Dispose() => aws.Dispose();

    private static string Start(string name) => $"name={Uri.EscapeDataString(name + ".")}";

    private async Task<RecordPage> ListAsync(string zone, string start, CancellationToken cancellationToken)
    {
        XElement answer = await SendAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/hostedzone/{zone}/rrset?{start}&maxitems={PageSize}"), null, cancellationToken).ConfigureAwait(false);
        RecordSet[] sets = [.. Required(answer, "ResourceRecordSets").Elements(Space + "ResourceRecordSet").Select(static set => new RecordSet(set))];
        if (Required(answer, "IsTruncated").Value != "true")
        {
            return new(sets, null, null);
        }

        (string name, string type, string? identifier) = (Required(answer, "NextRecordName").Value, Required(answer, "NextRecordType").Value, answer.Element(Space + "NextRecordIdentifier")?.Value);
        string next = $"name={Uri.EscapeDataString(name)}&type={Uri.EscapeDataString(type)}{(identifier is null ? "" : $"&identifier={Uri.EscapeDataString(identifier)}")}";
        return new(sets, next, RecordSet.Plain(name));
    }

    private Task<XElement> SendAsync(HttpMethod method, string path, XElement? body, CancellationToken cancellationToken)
    {
        byte[]? bytes = body is null ? null : Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{RestXml.Spaced(body, Space).ToString(SaveOptions.DisableFormatting)}");
        return aws.SendAsync(method, Version + path, bytes, Type, cancellationToken);
    }

    private static ChangeState ChangeOf(XElement answer)
    {
        XElement info = Required(answer, "ChangeInfo");
        return new(AwsKeysTable.BareId(Required(info, "Id").Value), Required(info, "Status").Value == "INSYNC");
    }

    private static HealthCheck CheckOf(XElement answer)
    {
        XElement check = Required(answer, "HealthCheck");
        return new(Required(check, "Id").Value, Required(check, "HealthCheckVersion").Value, RestXml.Bare(Required(check, "HealthCheckConfig")));
    }

    private static XElement Required(XElement parent, string name) => parent.Element(Space + name) ?? throw new AwsException(AwsFault.Unknown, $"its answer has no {name}");
}
