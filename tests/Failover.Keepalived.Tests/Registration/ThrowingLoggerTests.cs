using Failover.Keepalived.Registration;
using Failover.Keepalived.Tests.Sites;
using Failover.Keepalived.Tests.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Failover.Keepalived.Tests.Registration;

/// <summary>An app whose logger throws whatever it is told of a site.</summary>
public sealed class ThrowingLoggerTests : IDisposable
{
    private readonly FakeKeepalived _keepalived = new();
    private readonly FakePeers _peers = new();

    public void Dispose() => _keepalived.Dispose();

    [LinuxFact]
    public async Task What_keepalived_says_is_followed_and_answered_by_a_site_whose_logger_throws()
    {
        _keepalived.Start();
        string credit = Path.Combine(Path.GetDirectoryName(_keepalived.Path)!, "credit");
        ServiceCollection services = new();
        services.AddLogging(static logging => logging.AddProvider(new Throwing()));
        services.AddSingleton<IFailoverHealth>(new FakeHealth());
        services.AddSingleton<IPeerClaims>(_peers);
        services.AddFailover().AddKeepalived("site", options =>
        {
            (options.Address, options.Node, options.Peer) = ("192.0.2.2", "node-a", "node-b");
            (options.CreditFile, options.Fifo, options.AckTimeout) = (credit, _keepalived.Path, TimeSpan.FromMilliseconds(100));
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        KeepalivedSite site = provider.GetRequiredKeyedService<KeepalivedSite>("site");
        await provider.GetRequiredService<KeepalivedSites>().StartAsync(CancellationToken.None);

        foreach (string word in new[] { "BACKUP 50", "FAULT 0", "BACKUP 50" })
        {
            _keepalived.Write(word);
            await Until.SoAsync(() => site.Snapshot.Standing.ToString() == $"{word[0]}{word[1..word.IndexOf(' ')].ToLowerInvariant()}", () => $"{word} to be heard: {site.Snapshot}");
        }

        // What is not acknowledged is told, and written again.
        await Until.SoAsync(() => site.Snapshot.Problem is not null, () => $"the credit not to count: {site.Snapshot}");
        _peers.Say("master ready");
        await Until.SoAsync(() => File.ReadAllText(credit) is "100\n" or "99\n" or "98\n", () => $"the credit to follow: {File.ReadAllText(credit)}, {site.Snapshot}");
    }

    private sealed class Throwing : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => categoryName == typeof(KeepalivedSite).FullName ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => throw new InvalidOperationException("The disk is full.");

        public void Dispose()
        {
        }
    }
}
