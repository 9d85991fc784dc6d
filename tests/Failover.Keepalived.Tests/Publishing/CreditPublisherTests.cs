using Failover.Keepalived.Publishing;
using Failover.Keepalived.Watching;
using Microsoft.Extensions.Logging.Testing;

namespace Failover.Keepalived.Tests.Publishing;

/// <summary>What is written, and when it counts. In place of keepalived stands a view that the test changes.</summary>
public sealed class CreditPublisherTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("failover-credit-").FullName;
    private readonly FakeLogger _logger = new();
    private readonly KeepalivedOptions _options;
    private readonly CreditPublisher _publisher;
    private volatile VrrpView _view = new() { IsAttached = true, Attachments = 1 };

    public CreditPublisherTests()
    {
        _options = new() { CreditFile = Path.Combine(_folder, "run", "credit"), Fifo = "/fifo", AckTimeout = TimeSpan.FromMilliseconds(200) };
        Directory.CreateDirectory(Path.Combine(_folder, "run"));
        _publisher = new(_options, "site", () => _view, TimeProvider.System, _logger);
    }

    [Fact]
    public async Task A_credit_counts_when_keepalived_tells_the_priority_that_follows_from_it()
    {
        _publisher.Start();
        _publisher.Publish(Credit.Ready);
        await FileAsync(200);
        Assert.NotEqual(true, _publisher.Now.IsAcknowledged);

        Says(250);

        await UntilAsync(() => _publisher.Now == new Publication(Credit.Ready, true, null), "it counts");
        Assert.Equal(["credit"], Directory.GetFiles(Path.GetDirectoryName(_options.CreditFile)!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_credit_that_keepalived_counts_already_is_written_as_another_value_so_that_it_has_something_to_say()
    {
        await File.WriteAllTextAsync(_options.CreditFile, "200\n");
        Says(250);

        _publisher.Publish(Credit.Ready);
        _publisher.Start();

        await FileAsync(199);
        Assert.NotEqual(true, _publisher.Now.IsAcknowledged);
        Says(249);
        await UntilAsync(() => _publisher.Now.IsAcknowledged == true, "it counts");
    }

    [Fact]
    public async Task While_the_last_word_of_keepalived_cannot_be_so_another_value_has_it_speak_again()
    {
        _publisher.Publish(Credit.Ready);
        _publisher.Start();
        await FileAsync(200);
        Says(250);
        await UntilAsync(() => _publisher.Now.IsAcknowledged == true, "it counts");

        _view = _view with { IsDoubted = true };

        await FileAsync(199);
    }

    [Fact]
    public async Task Without_an_answer_the_credit_does_not_count_which_is_told_once_and_it_is_written_again()
    {
        _publisher.Publish(Credit.Ready);
        _publisher.Start();
        await FileAsync(200);

        await UntilAsync(() => _publisher.Now.IsAcknowledged == false, "it does not count");
        await FileAsync(199);
        await FileAsync(200);

        Assert.Contains("did not acknowledge within 0.2 s", _publisher.Now.Problem, StringComparison.Ordinal);
        Assert.Single(_logger.Collector.GetSnapshot(), static log => log.Id.Id == 11031);
    }

    [Fact]
    public async Task An_answer_with_another_priority_is_told_as_what_it_is()
    {
        _publisher.Publish(Credit.Ready);
        _publisher.Start();
        await FileAsync(200);
        Says(180);

        await UntilAsync(() => _publisher.Now.Problem is { } problem && problem.Contains("counts from -20 where Priority is 50", StringComparison.Ordinal), "it is told");
        Assert.False(_publisher.Now.IsAcknowledged);
    }

    [Fact]
    public async Task Fault_counts_when_keepalived_is_in_fault_and_ready_does_not_count_while_it_stays_there()
    {
        _publisher.Publish(Credit.Fault);
        _publisher.Start();
        await FileAsync(-254);
        Change(view => view with { IsFault = true, Lines = view.Lines + 1 });
        await UntilAsync(() => _publisher.Now == new Publication(Credit.Fault, true, null), "fault counts");

        _publisher.Publish(Credit.Ready);

        await UntilAsync(() => _publisher.Now is { Credit: Credit.Ready, IsAcknowledged: false }, "ready does not count");
        Assert.StartsWith("keepalived stays in FAULT", _publisher.Now.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_keepalived_that_was_found_anew_is_told_again()
    {
        _publisher.Publish(Credit.Ready);
        _publisher.Start();
        await FileAsync(200);
        Says(250);
        await UntilAsync(() => _publisher.Now.IsAcknowledged == true, "it counts");

        await File.WriteAllTextAsync(_options.CreditFile, "0");
        Change(static view => view with { Attachments = 2, Priority = null });

        await UntilAsync(() => _publisher.Now.IsAcknowledged != true, "it does not count any more");
        await FileAsync(200);
        Says(250);
        await UntilAsync(() => _publisher.Now.IsAcknowledged == true, "it counts again");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_somebody_deletes_or_writes_is_written_again(bool isWritten)
    {
        _publisher.Publish(Credit.Ready);
        _publisher.Start();
        await FileAsync(200);
        Says(250);
        await UntilAsync(() => _publisher.Now.IsAcknowledged == true, "it counts");

        if (isWritten)
        {
            await File.WriteAllTextAsync(_options.CreditFile, "7");
            Says(57);
        }
        else
        {
            File.Delete(_options.CreditFile);
        }

        await UntilAsync(() => Value() is 200 or 199, "it is written again");
        Says(50 + Value()!.Value);
        await UntilAsync(() => _publisher.Now.IsAcknowledged == true, "it counts again");
    }

    [Fact]
    public async Task A_directory_that_is_not_there_is_told_at_once_and_written_to_when_it_is()
    {
        Directory.Delete(Path.GetDirectoryName(_options.CreditFile)!, recursive: true);
        _publisher.Publish(Credit.Ready);
        _publisher.Start();

        await UntilAsync(() => _publisher.Now is { IsAcknowledged: false, Problem: { } problem } && problem.EndsWith("is not there", StringComparison.Ordinal), "it is told");

        Directory.CreateDirectory(Path.GetDirectoryName(_options.CreditFile)!);
        await UntilAsync(() => Value() is not null, "it is written");
    }

    [Fact]
    public async Task Where_no_keepalived_runs_that_is_what_is_told()
    {
        _view = new VrrpView { Problem = "there is no FIFO at /fifo" };
        _publisher.Publish(Credit.Ready);
        _publisher.Start();

        await UntilAsync(() => _publisher.Now == new Publication(Credit.Ready, false, "there is no FIFO at /fifo"), "it is told");
    }

    [Fact]
    public async Task The_last_credit_is_written_without_waiting_for_anybody()
    {
        _publisher.Publish(Credit.Ready);
        _publisher.Start();
        await FileAsync(200);

        await _publisher.EndAsync(Credit.Unproven);

        Assert.Equal(1, Value());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _publisher.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private int? Value() => new CreditFile(_options.CreditFile).Read();

    private Task FileAsync(int value) => UntilAsync(() => Value() == value, $"{value} is written");

    private void Says(int priority) => Change(view => view with { Priority = priority, Lines = view.Lines + 1, IsFault = false });

    private void Change(Func<VrrpView, VrrpView> change)
    {
        _view = change(_view);
        _publisher.Wake();
    }

    private Task UntilAsync(Func<bool> isSo, string what) => Until.SoAsync(isSo, () => $"{what}; it is {_publisher.Now}, and the file holds {Value()}");
}
