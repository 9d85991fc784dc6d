using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace Failover.Http.Registration;

/// <summary>Which group an HTTP client has. A client has one: its base address can be that of one only.</summary>
internal sealed record ClientGroup(string? Client, string Group)
{
    /// <exception cref="InvalidOperationException">The client has another group already.</exception>
    internal static void Claim(IHttpClientBuilder builder, string group)
    {
        foreach (ServiceDescriptor service in builder.Services)
        {
            if (!service.IsKeyedService && service.ImplementationInstance is ClientGroup other && other.Client == builder.Name && !IsSame(other.Group, group))
            {
                throw new InvalidOperationException(Refused(builder.Name, other.Group, group));
            }
        }

        builder.Services.AddSingleton(new ClientGroup(builder.Name, group));
    }

    internal static bool IsSame(string group, string other) => string.Equals(group, other, StringComparison.OrdinalIgnoreCase);

    internal static string Refused(string? client, string group, string other) =>
        $"{Told(client)} has two failover groups, {group} and {other}: give it one, and another client for the other. What ConfigureHttpClientDefaults adds, every client has.";

    /// <summary>How a log names a client.</summary>
    internal static string NameOf(HttpMessageHandlerBuilder handlers) => handlers.Name is { Length: > 0 } name ? name : "(without a name)";

    /// <summary>How a message names a client.</summary>
    internal static string Told(string? client) => client is { Length: > 0 } ? $"The HTTP client '{client}'" : "An HTTP client without a name";
}
