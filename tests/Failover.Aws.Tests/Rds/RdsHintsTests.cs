using Amazon.Runtime;
using Failover.Aws.Api;
using Failover.Aws.Rds;
using Failover.TestServers.Aws;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Aws.Tests.Rds;

public sealed class RdsHintsTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly AwsStandIn _aws = AwsStandIn.Start();
    private readonly FakeLogCollector _logs = new();
    private readonly SwiftTime _time = new();
    private readonly CancellationTokenSource _stop = new(Limit);
    private RdsDatabaseOptions _database = new() { Cluster = "shop", Interval = TimeSpan.FromSeconds(1) };

    public RdsHintsTests() => _aws.Time = _time;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task Another_writer_of_a_cluster_is_a_hint_to_look_and_the_first_one_is_none()
    {
        _aws.Rds.Clusters["shop"] = ("available", "shop-1", ["shop-2"]);
        await using IAsyncEnumerator<Hint> hints = Hints();
        Task<bool> next = hints.MoveNextAsync().AsTask();
        await AskedAsync(3);
        Assert.False(next.IsCompleted);

        _aws.Rds.Clusters["shop"] = ("available", "shop-2", ["shop-1"]);

        Assert.True(await next);
        Assert.Equal((HintKind.LookNow, "rds-api", null), (hints.Current.Kind, hints.Current.Source, hints.Current.Member));
        Assert.Equal(["RDS tells the group db of shop: available, at shop-1.", "RDS tells the group db of shop: available, at shop-2."], _logs.GetSnapshot().Select(static record => record.Message));
    }

    [Fact]
    public async Task While_it_moves_each_answer_is_a_hint()
    {
        _aws.Rds.Clusters["shop"] = ("failing-over", null, ["shop-1", "shop-2"]);
        await using IAsyncEnumerator<Hint> hints = Hints();

        Assert.True(await hints.MoveNextAsync());
        Assert.True(await hints.MoveNextAsync());
    }

    [Fact]
    public async Task A_backup_that_lasts_for_hours_is_no_hint()
    {
        _aws.Rds.Clusters["shop"] = ("backing-up", "shop-1", ["shop-2"]);
        await using IAsyncEnumerator<Hint> hints = Hints();
        Task<bool> next = hints.MoveNextAsync().AsTask();
        await AskedAsync(3);

        Assert.False(next.IsCompleted);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task An_instance_that_moves_to_its_other_zone_is_a_hint()
    {
        _database = new() { Instance = "shop", Interval = TimeSpan.FromSeconds(1) };
        _aws.Rds.Instances["shop"] = ("available", "eu-west-1a");
        await using IAsyncEnumerator<Hint> hints = Hints();
        Task<bool> next = hints.MoveNextAsync().AsTask();
        await AskedAsync(2);

        _aws.Rds.Instances["shop"] = ("available", "eu-west-1b");

        Assert.True(await next);
    }

    [Theory]
    [InlineData(AwsFaultKind.Drop)]
    [InlineData(AwsFaultKind.Garbage)]
    [InlineData(AwsFaultKind.EmptyAnswer)]
    [InlineData(AwsFaultKind.ServiceUnavailable)]
    [InlineData(AwsFaultKind.Throttle)]
    public async Task An_RDS_that_gives_no_answer_is_told_once_asked_again_and_says_nothing_of_the_writer(AwsFaultKind fault)
    {
        _aws.Rds.Clusters["shop"] = ("available", "shop-1", []);
        _aws.Interfere = (_, before) => before is 1 or 2 ? fault : null;
        await using IAsyncEnumerator<Hint> hints = Hints();
        Task<bool> next = hints.MoveNextAsync().AsTask();
        await AskedAsync(4);
        Assert.False(next.IsCompleted);

        _aws.Rds.Clusters["shop"] = ("available", "shop-2", []);

        Assert.True(await next);
        Assert.Single(_logs.GetSnapshot(), static record => record.Id.Id == 13011);
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_and_a_right_that_lacks_are_told_in_words()
    {
        await using IAsyncEnumerator<Hint> hints = Hints();
        Task<bool> next = hints.MoveNextAsync().AsTask();
        await AskedAsync(1);
        _aws.Rds.Clusters["shop"] = ("available", "shop-1", []);
        await AskedAsync(3);
        _aws.Identities[AwsStandIn.Key] = new AwsIdentity(AwsStandIn.Secret, policy: """{ "Statement": [] }""");
        await AskedAsync(6);

        Assert.False(next.IsCompleted);
        string[] told = [.. _logs.GetSnapshot().Where(static record => record.Id.Id == 13011).Select(static record => record.Message)];
        Assert.Equal(2, told.Length);
        Assert.Contains("DBClusterNotFoundFault (404): DBCluster shop not found.", told[0], StringComparison.Ordinal);
        Assert.Contains("AccessDenied (403): User: arn:aws:iam::123456789012:user/failover is not authorized to perform: rds:DescribeDBClusters", told[1], StringComparison.Ordinal);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private IAsyncEnumerator<Hint> Hints()
    {
        AwsOptions options = new() { Region = AwsStandIn.Region, RdsEndpoint = _aws.Address.AbsoluteUri, Timeout = SwiftTime.Limit };
        RdsHints hints = new("db", () => (options, _database), aws => Clients.Rds(aws, new BasicAWSCredentials(AwsStandIn.Key, AwsStandIn.Secret), _time), new FakeLogger(_logs), _time);
        return hints.ReadHintsAsync(_stop.Token).GetAsyncEnumerator();
    }

    private async Task AskedAsync(int times)
    {
        using PeriodicTimer next = new(TimeSpan.FromMilliseconds(5));
        while (_aws.Asked.Count < times)
        {
            await next.WaitForNextTickAsync(_stop.Token);
        }
    }
}
