using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;

namespace Failover.Http.Replay;

/// <summary>Content that is made anew of a value each time it is sent, as <c>PutAsJsonAsync</c> sends it: nobody knows before how long it is.</summary>
internal static class SerializedContent
{
    /// <summary>Whether it can be sent again: unless its value is a sequence that is made while it is read, which may give something else the second time, or nothing.</summary>
    internal static bool IsRepeatable(HttpContent content) => content is JsonContent json && (json.Value is null or string || !IsMadeWhileRead(json.Value.GetType()));

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "An interface that was trimmed away is one that no serializer can use either; a collection that is no longer known as one is sent once.")]
    private static bool IsMadeWhileRead(Type type)
    {
        bool isCollection = type.IsArray || typeof(ICollection).IsAssignableFrom(type);
        foreach (Type one in type.GetInterfaces())
        {
            Type? generic = one.IsGenericType ? one.GetGenericTypeDefinition() : null;
            if (generic == typeof(IAsyncEnumerable<>))
            {
                return true;
            }

            isCollection |= generic == typeof(ICollection<>) || generic == typeof(IReadOnlyCollection<>);
        }

        return !isCollection && typeof(IEnumerable).IsAssignableFrom(type);
    }
}
