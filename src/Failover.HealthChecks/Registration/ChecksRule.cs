using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Failover.HealthChecks.Registration;

/// <summary>Refuses settings of checks that are not there, and two checks of one name.</summary>
internal sealed class ChecksRule(IOptions<HealthCheckServiceOptions> checks, IFailoverBuilder builder) : IValidateOptions<HealthOptions>
{
    public ValidateOptionsResult Validate(string? name, HealthOptions options)
    {
        string prefix = builder.Configuration?.GetSection("Health").Path ?? "Failover:Health";
        string[] names = [.. checks.Value.Registrations.Select(one => one.Name)];
        HashSet<string> known = new(names, StringComparer.OrdinalIgnoreCase);
        string registered = names.Length == 0 ? "no check is registered" : $"registered are {string.Join(", ", known.Order(StringComparer.OrdinalIgnoreCase))}";
        List<string> problems =
        [
            .. from check in options.Checks.Keys
               where !known.Contains(check)
               select $"{prefix}:Checks:{check} is no health check: {registered}.",
            .. from twice in names.GroupBy(one => one, StringComparer.OrdinalIgnoreCase)
               where twice.Count() > 1
               select $"The health check '{twice.Key}' is registered {twice.Count()} times: each needs a name of its own, without regard to case.",
        ];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
