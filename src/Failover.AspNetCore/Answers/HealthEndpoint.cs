using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Failover.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Failover.AspNetCore.Answers;

/// <summary>
/// One endpoint. It answers from the snapshot: it reads a reference, chooses an array, and copies it. Nothing is waited for, but for an authorization policy where one was given and the caller might see details.
/// </summary>
internal sealed class HealthEndpoint(string pattern, HealthVerdict verdict, MapHealthOptions options, NodeHealth health, FailoverGroups groups, LastGoodSection<HealthEndpointsOptions> section, Access access)
{
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues Allowed = "GET, HEAD";
    private static readonly ImmutableArray<StringValues> Seconds = [.. Enumerable.Range(0, 61).Select(static second => new StringValues(second.ToString(CultureInfo.InvariantCulture)))];

    // Read when the first request comes, for until then the settings need not have been checked. They cannot change later.
    private readonly Lazy<(HealthFormat Format, string? Policy, int? ManagementPort)> _settings = new(() =>
        (options.Format ?? section.Current.Format, options.DetailsPolicy ?? section.Current.DetailsPolicy, options.ManagementPort ?? section.Current.ManagementPort));

    private readonly Func<CheckSnapshot, bool>? _counts = options.Tags.Count == 0 ? null : check => check.Tags.Any(options.Tags.Contains);
    private readonly Lock _gate = new();
    private volatile HealthAnswer? _answer;

    internal string Pattern => pattern;

    internal int? Port => options.Port;

    internal string? Policy => _settings.Value.Policy;

    internal int? ManagementPort => _settings.Value.ManagementPort;

    internal Task InvokeAsync(HttpContext context)
    {
        if (options.Port is { } port && context.Connection.LocalPort != port)
        {
            return Empty(context.Response, StatusCodes.Status404NotFound);
        }

        string method = context.Request.Method;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            context.Response.Headers.Allow = Allowed;
            return Empty(context.Response, StatusCodes.Status405MethodNotAllowed);
        }

        HealthAnswer answer = Now();
        (_, string? policy, int? managementPort) = _settings.Value;
        if (managementPort is { } management && context.Connection.LocalPort == management)
        {
            return Write(context, answer, maySeeDetails: true);
        }

        return policy is null ? Write(context, answer, maySeeDetails: false) : AskAsync(context, answer, policy);
    }

    private async Task AskAsync(HttpContext context, HealthAnswer answer, string policy) =>
        await Write(context, answer, await access.MaySeeAsync(context, policy).ConfigureAwait(false)).ConfigureAwait(false);

    private Task Write(HttpContext context, HealthAnswer answer, bool maySeeDetails)
    {
        HttpResponse response = context.Response;
        Body body = AcceptHeader.PrefersText(context.Request.Headers.Accept) ? answer.Text
            : maySeeDetails ? answer.Details(_counts is null ? [.. groups.Select(static group => group.Snapshot)] : [])
            : answer.Json;
        IHeaderDictionary headers = response.Headers;
        headers.CacheControl = NoStore;
        headers.ContentType = body.ContentType;
        if (answer.Status == AnswerStatus.Fail)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            headers.RetryAfter = RetryAfter(answer.Snapshot);
        }

        response.ContentLength = body.Bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            response.BodyWriter.Write(body.Bytes.Span);
        }

        return Task.CompletedTask;
    }

    private HealthAnswer Now()
    {
        HealthSnapshot snapshot = health.Snapshot;
        return _answer is { } answer && ReferenceEquals(answer.Snapshot, snapshot) ? answer : Renew(snapshot);
    }

    private HealthAnswer Renew(HealthSnapshot snapshot)
    {
        lock (_gate)
        {
            return _answer is { } answer && ReferenceEquals(answer.Snapshot, snapshot) ? answer : _answer = new(snapshot, verdict, _counts, _settings.Value.Format);
        }
    }

    /// <summary>Whole seconds until the next outcome, at least one.</summary>
    private StringValues RetryAfter(HealthSnapshot snapshot)
    {
        double seconds = Math.Max(1, Math.Ceiling(health.Until(snapshot.NextOutcome).TotalSeconds));
        return seconds < Seconds.Length ? Seconds[(int)seconds] : seconds.ToString(CultureInfo.InvariantCulture);
    }

    private static Task Empty(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.Headers.CacheControl = NoStore;
        response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
