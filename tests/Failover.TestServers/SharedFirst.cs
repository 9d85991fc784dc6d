using Xunit;
using Xunit.Abstractions;

namespace Failover.TestServers;

/// <summary>Has the collections begin first that share servers: each is a long chain of tests, beside which the short ones find room. No test depends on it.</summary>
public sealed class SharedFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(static collection => collection.CollectionDefinition is null).ThenBy(static collection => collection.DisplayName, StringComparer.Ordinal);
}
