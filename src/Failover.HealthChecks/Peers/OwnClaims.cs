using Failover.HealthChecks.Evaluation;
using Microsoft.Extensions.Logging;

namespace Failover.HealthChecks.Peers;

/// <summary>What this node claims, as it is at the moment. What cannot be told is left out, and logged once for each that says such a thing.</summary>
/// <param name="sources">Who says it. Called once, when it is asked for first: one may need what tells it.</param>
/// <param name="logger">Where it is told.</param>
internal sealed class OwnClaims(Func<IEnumerable<INodeClaims>> sources, ILogger logger)
{
    private const string WrongShape = "a name has 1 to 128 characters, a value 1 to 256, none of them a control character";

    private readonly Outbox _outbox = new();
    private readonly HashSet<object> _told = new(ReferenceEqualityComparer.Instance);
    private INodeClaims[]? _sources;

    /// <summary>Asks all of them; null if none claims anything. Never throws.</summary>
    internal Dictionary<string, string>? Read()
    {
        Dictionary<string, string>? claims = null;
        try
        {
            foreach (INodeClaims source in _sources ??= [.. sources()])
            {
                ReadInto(ref claims, source);
            }
        }
#pragma warning disable CA1031 // The container makes them of the app's parts.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LeaveOut(this, $"every {nameof(INodeClaims)}", CheckError.Of(exception));
        }

        return claims;
    }

    private void ReadInto(ref Dictionary<string, string>? claims, INodeClaims source)
    {
        string who = source.GetType().Name;
        try
        {
            // One that is endless ends, too.
            foreach ((string name, string value) in source.Read().Take(PeerJson.MostClaims + 1))
            {
                if (claims?.Count == PeerJson.MostClaims)
                {
                    LeaveOut(source, who, $"a node claims at most {PeerJson.MostClaims} things");
                    return;
                }

                if (!PeerJson.IsClaim(name, value))
                {
                    LeaveOut(source, who, WrongShape);
                }
                else if (!(claims ??= new(StringComparer.Ordinal)).TryAdd(name, value))
                {
                    LeaveOut(source, who, $"{name} is claimed twice");
                }
            }
        }
#pragma warning disable CA1031 // Code of the app's: how the node stands is told whatever it does.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LeaveOut(source, who, CheckError.Of(exception));
        }
    }

    private void LeaveOut(object source, string who, string problem)
    {
        lock (_told)
        {
            if (!_told.Add(source))
            {
                return;
            }
        }

        _outbox.Add(() => Log.ClaimLeftOut(logger, who, problem));
    }
}
