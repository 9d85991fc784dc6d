using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Failover.Kubernetes.Tests.ApiServer;

/// <summary>What an API server takes for a Lease: first whether it can be decoded at all (400), then whether what it says is allowed (422).</summary>
internal static partial class LeaseSchema
{
    private static readonly Dictionary<string, Func<JsonNode, bool>> Root = new(StringComparer.Ordinal) { ["apiVersion"] = IsText, ["kind"] = IsText, ["metadata"] = IsObject, ["spec"] = IsObject };

    private static readonly Dictionary<string, Func<JsonNode, bool>> Metadata = new(StringComparer.Ordinal)
    {
        ["name"] = IsText, ["generateName"] = IsText, ["namespace"] = IsText, ["selfLink"] = IsText, ["uid"] = IsText, ["resourceVersion"] = IsText, ["generation"] = IsNumber, ["creationTimestamp"] = IsTime,
        ["deletionTimestamp"] = IsTime, ["deletionGracePeriodSeconds"] = IsNumber, ["labels"] = IsTexts, ["annotations"] = IsTexts, ["ownerReferences"] = IsArray, ["finalizers"] = IsArray, ["managedFields"] = IsArray,
    };

    private static readonly Dictionary<string, Func<JsonNode, bool>> Spec = new(StringComparer.Ordinal)
    {
        ["holderIdentity"] = IsText, ["leaseDurationSeconds"] = IsInt32, ["acquireTime"] = IsMicroTime, ["renewTime"] = IsMicroTime, ["leaseTransitions"] = IsInt32, ["strategy"] = IsText, ["preferredHolder"] = IsText,
    };

    /// <summary>Decodes a body. Unknown fields are dropped, unless <paramref name="strict"/>; fields that are null count as absent.</summary>
    internal static JsonObject Decode(string body, bool strict)
    {
        JsonObject lease;
        try
        {
            lease = JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = !strict })?.AsObject() ?? throw StatusException.BadRequest("the body is empty");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw StatusException.BadRequest("the object provided is unrecognized: " + exception.Message);
        }

        Check(lease, Root, "", strict);

        // What is missing is known from the address.
        lease["apiVersion"] ??= "coordination.k8s.io/v1";
        lease["kind"] ??= "Lease";
        if ((string?)lease["apiVersion"] != "coordination.k8s.io/v1" || (string?)lease["kind"] != "Lease")
        {
            throw StatusException.BadRequest($"no kind \"{lease["kind"]}\" is registered for version \"{lease["apiVersion"]}\"");
        }

        lease["metadata"] ??= new JsonObject();
        lease["spec"] ??= new JsonObject();
        Check(lease["metadata"]!.AsObject(), Metadata, "metadata.", strict);
        Check(lease["spec"]!.AsObject(), Spec, "spec.", strict);
        return lease;
    }

    internal static void Validate(JsonObject lease)
    {
        JsonObject meta = lease["metadata"]!.AsObject();
        JsonObject spec = lease["spec"]!.AsObject();
        string name = (string?)meta["name"] ?? "";
        Refuse(name, !Subdomain().IsMatch(name) || name.Length > 253, "metadata.name: Invalid value: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'");
        Refuse(name, (int?)spec["leaseDurationSeconds"] <= 0, "spec.leaseDurationSeconds: Invalid value: must be greater than 0");
        Refuse(name, (int?)spec["leaseTransitions"] < 0, "spec.leaseTransitions: Invalid value: must be greater than or equal to 0");
        Refuse(name, (string?)spec["preferredHolder"] is { Length: > 0 } && (string?)spec["strategy"] is null or "", "spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined");
        JsonObject annotations = meta["annotations"]?.AsObject() ?? [];
        Refuse(name, annotations.Any(pair => !QualifiedName().IsMatch(pair.Key)), "metadata.annotations: Invalid value: a qualified name must consist of alphanumeric characters, '-', '_' or '.'");
        Refuse(name, annotations.Sum(pair => pair.Key.Length + pair.Value!.ToString().Length) > 256 * 1024, "metadata.annotations: Too long");
        Refuse(name, (meta["labels"]?.AsObject() ?? []).Any(pair => !QualifiedName().IsMatch(pair.Key) || !LabelValue().IsMatch((string)pair.Value!)), "metadata.labels: Invalid value");
    }

    private static void Refuse(string name, bool wrong, string why)
    {
        if (wrong)
        {
            throw StatusException.Invalid(name, why);
        }
    }

    private static void Check(JsonObject given, Dictionary<string, Func<JsonNode, bool>> fields, string path, bool strict)
    {
        foreach ((string key, JsonNode? value) in given.ToArray())
        {
            if (!fields.TryGetValue(key, out Func<JsonNode, bool>? isRight))
            {
                if (strict)
                {
                    throw StatusException.BadRequest($"strict decoding error: unknown field \"{path}{key}\"");
                }

                given.Remove(key);
            }
            else if (value is null)
            {
                given.Remove(key);
            }
            else if (!isRight(value))
            {
                throw StatusException.BadRequest($"Lease in version \"v1\" cannot be handled as a Lease: {path}{key} cannot be decoded from {value.ToJsonString()}");
            }
        }
    }

    private static bool IsText(JsonNode value) => value.GetValueKind() == JsonValueKind.String;

    private static bool IsObject(JsonNode value) => value is JsonObject;

    private static bool IsArray(JsonNode value) => value is JsonArray;

    private static bool IsNumber(JsonNode value) => value.GetValueKind() == JsonValueKind.Number;

    private static bool IsInt32(JsonNode value) => value is JsonValue number && number.TryGetValue(out int _);

    private static bool IsTexts(JsonNode value) => value is JsonObject texts && texts.All(static pair => pair.Value?.GetValueKind() == JsonValueKind.String);

    private static bool IsTime(JsonNode value) => value.GetValueKind() == JsonValueKind.String && DateTimeOffset.TryParse((string)value!, CultureInfo.InvariantCulture, out _);

    /// <summary>Go reads it with the layout <c>2006-01-02T15:04:05.000000Z07:00</c>: six digits, no fewer and no more.</summary>
    private static bool IsMicroTime(JsonNode value) => value.GetValueKind() == JsonValueKind.String && MicroTime().IsMatch((string)value!);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex MicroTime();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
    private static partial Regex LabelValue();
}
