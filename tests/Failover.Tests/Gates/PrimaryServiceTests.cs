using Failover.Arbiters;
using Failover.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Failover.Tests.Gates;

public sealed class PrimaryServiceTests
{
    private readonly MemoryStore _store = new(TimeProvider.System);
    private readonly Job.Journal _journal = new();

    [Fact]
    public async Task A_service_runs_on_one_host_and_on_the_next_when_that_stops()
    {
        await using GateHost a = Host("host-a"), b = Host("host-b");
        await a.StartAsync();
        await Until.True(() => _journal.Running == 1);
        await b.StartAsync();
        await Until.True(() => b.Gate.State.Holder == "host-a");

        await a.StopAsync();
        await b.AdvanceUntilAsync(() => _journal.Lines.Count == 3);
        Assert.Equal(["begins 1", "ends 1", "begins 2"], _journal.Lines);

        await b.StopAsync();
        Assert.Equal(["begins 1", "ends 1", "begins 2", "ends 2"], _journal.Lines);
        Assert.Equal(1, _journal.Most);
        Assert.Equal(2, _store.CallsOf("release"));
    }

    [Fact]
    public async Task A_service_is_stopped_when_the_lease_is_lost_and_a_new_one_begins_with_the_next()
    {
        await using GateHost a = Host("host-a");
        await a.StartAsync();
        await Until.True(() => _journal.Running == 1);

        _store.Before = static (_, _) => throw new LeaseStoreException("the store is away");
        await a.AdvanceUntilAsync(() => _journal.Lines.Count == 2);
        Assert.Equal(["begins 1", "ends 1"], _journal.Lines);
        _store.Forget("nightly");
        _store.Before = null;

        await a.AdvanceUntilAsync(() => _journal.Lines.Count == 3);
        Assert.Equal("begins 2", _journal.Lines[2]);
        await a.StopAsync();
        Assert.Equal(1, _journal.Most);
    }

    [Fact]
    public async Task A_service_that_fails_hands_over_and_is_tried_again_after_a_pause()
    {
        await using GateHost a = Host("host-a");
        _journal.Work = (_, _) => _journal.Lines.Count < 5 ? throw new InvalidOperationException("password=hunter2") : Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        await a.StartAsync();

        await a.AdvanceUntilAsync(() => _journal.Lines.Count == 5);

        Assert.Equal(["begins 1", "ends 1", "begins 2", "ends 2", "begins 3"], _journal.Lines);
        Assert.Equal(2, _store.CallsOf("release"));
        Assert.Equal(2, a.Logged("PrimaryServiceFailed"));
        await Until.True(() => a.Gate.State.Problem is null);
        Assert.DoesNotContain(a.Logs.GetSnapshot(), static one => one.Message.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_finds_out_by_asking_that_this_is_the_primary_no_longer_has_not_failed()
    {
        await using GateHost a = Host("host-a");
        TaskCompletionSource acts = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.Work = async (scope, _) =>
        {
            await acts.Task;
            scope.ThrowIfNotPrimary();
        };
        await a.StartAsync();
        await Until.True(() => _journal.Running == 1);

        // Of a process that was paused no timer has run yet: nothing was cancelled.
        a.Time.AdjustTime(a.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        acts.SetResult();
        await Until.True(() => a.Logged("PrimaryServiceStopped") == 1);

        Assert.Equal(0, a.Logged("PrimaryServiceFailed"));
        Assert.Equal(["begins 1", "ends 1"], _journal.Lines.Take(2));
    }

    [Fact]
    public async Task A_service_that_has_ended_by_itself_is_not_started_again_and_nobody_else_is_let_in()
    {
        await using GateHost a = Host("host-a"), b = Host("host-b");
        _journal.Work = static (_, _) => Task.CompletedTask;
        await a.StartAsync();
        await Until.True(() => a.Logged("PrimaryServiceEnded") == 1);
        await b.StartAsync();
        await Until.True(() => b.Gate.State.Holder == "host-a");

        Assert.Equal(["begins 1", "ends 1"], _journal.Lines);
        Assert.True(a.Gate.State.IsPrimary);

        await a.StopAsync();
        await b.AdvanceUntilAsync(() => _journal.Lines.Count == 4);
    }

    [Fact]
    public async Task Nobody_is_let_in_before_the_service_has_stopped()
    {
        await using GateHost a = Host("host-a"), b = Host("host-b");
        TaskCompletionSource stops = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.Work = (_, _) => stops.Task;
        await a.StartAsync();
        await Until.True(() => _journal.Running == 1);
        await b.StartAsync();
        await Until.True(() => b.Gate.State.Holder == "host-a");

        // For longer than a service that should stop is waited for: it is the primary all that time, and that is in order.
        Task stopping = a.StopAsync();
        DateTimeOffset asked = a.Time.GetUtcNow();
        await a.AdvanceUntilAsync(() => a.Time.GetUtcNow() - asked > TimeSpan.FromSeconds(12));
        Assert.Equal(0, _store.CallsOf("release"));
        Assert.True(a.Gate.State is { IsPrimary: true, Problem: null });
        Assert.Equal(0, a.Logged("PrimaryServiceDoesNotStop"));

        stops.SetResult();
        await stopping;
        await b.AdvanceUntilAsync(() => _journal.Lines.Count >= 3);
        Assert.Equal(["begins 1", "ends 1", "begins 2"], _journal.Lines.Take(3));
    }

    [Fact]
    public async Task A_service_that_does_not_stop_when_the_lease_is_lost_is_told_of_and_not_started_again_before_it_has()
    {
        await using GateHost a = Host("host-a");
        TaskCompletionSource stops = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.Work = (_, _) => stops.Task;
        await a.StartAsync();
        await Until.True(() => _journal.Running == 1);

        _store.Before = static (_, _) => throw new LeaseStoreException("the store is away");
        await a.AdvanceUntilAsync(() => a.Logged("PrimaryServiceDoesNotStop") == 1);
        Assert.Equal("Job does not stop", a.Gate.State.Problem);
        _store.Forget("nightly");
        _store.Before = null;
        DateTimeOffset back = a.Time.GetUtcNow();
        await a.AdvanceUntilAsync(() => a.Time.GetUtcNow() - back > TimeSpan.FromSeconds(12));
        Assert.Equal(["begins 1"], _journal.Lines);

        _journal.Work = static (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token);
        stops.SetResult();
        await a.AdvanceUntilAsync(() => _journal.Lines.Count == 3);
        Assert.Equal(["begins 1", "ends 1", "begins 2"], _journal.Lines);
        Assert.Null(a.Gate.State.Problem);
        Assert.Equal(1, a.Logged("PrimaryServiceDoesNotStop"));
    }

    [Fact]
    public async Task A_lease_is_not_given_back_while_the_service_is_in_the_midst_of_its_work_though_the_app_has_gone()
    {
        GateHost a = Host("host-a");
        TaskCompletionSource stops = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.Work = (_, _) => stops.Task;
        await a.StartAsync();
        await Until.True(() => _journal.Running == 1);

        await Until.Ends(a.DisposeAsync().AsTask());
        Assert.False(_journal.Scope!.IsPrimary);
        Assert.Equal(0, _store.CallsOf("release"));

        stops.SetResult();
        await Until.True(() => _store.CallsOf("release") == 1);
        Assert.Equal(["begins 1", "ends 1"], _journal.Lines);
    }

    [Fact]
    public async Task A_service_that_hangs_in_its_start_is_told_of_and_waited_for()
    {
        await using GateHost a = new("host-a", _store, null, failover =>
        {
            failover.Services.AddSingleton(_journal);
            failover.AddPrimaryService<Hanging>("nightly");
        });
        TaskCompletionSource starts = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.Work = (_, _) => starts.Task;
        await a.StartAsync();
        await Until.True(() => _journal.Running == 1);

        _store.Before = static (_, _) => throw new LeaseStoreException("the store is away");
        await a.AdvanceUntilAsync(() => a.Logged("PrimaryServiceDoesNotStop") == 1);
        _store.Before = null;
        Task stopping = a.StopAsync();
        Assert.Equal(0, _store.CallsOf("release"));

        starts.SetResult();
        await stopping;
        Assert.Equal(["begins 1", "ends 1"], _journal.Lines);
        Assert.Equal(1, _store.CallsOf("release"));
    }

    [Fact]
    public async Task The_scope_can_be_injected_into_the_service_and_into_nothing_else()
    {
        await using GateHost a = Host("host-a");
        await a.StartAsync();
        await Until.True(() => _journal.Running == 1);

        Assert.Equal((1L, true), (_journal.Scope!.Token, _journal.Scope.IsPrimary));
        using IServiceScope elsewhere = a.Services.CreateScope();
        Assert.Throws<InvalidOperationException>(() => elsewhere.ServiceProvider.GetRequiredService<PrimaryScope>());
        await a.StopAsync();
        Assert.False(_journal.Scope.IsPrimary);
    }

    [Fact]
    public async Task A_gate_that_is_not_there_is_told_when_the_app_starts()
    {
        await using GateHost a = new("host-a", _store, null, failover => failover.AddPrimaryService<Job>("nigthly"));

        OptionsValidationException told = await Assert.ThrowsAsync<OptionsValidationException>(() => a.StartAsync());

        Assert.Equal("AddPrimaryService<Job> uses the gate 'nigthly', which is not there (there are nightly; did you mean nightly?): add it with AddPrimaryGate(\"nigthly\", …).", Assert.Single(told.Failures));
    }

    private GateHost Host(string name) => new(name, _store, null, failover =>
    {
        failover.Services.AddSingleton(_journal);
        failover.AddPrimaryService<Job>("nightly");
    });

    /// <summary>A service whose work is its start.</summary>
    internal sealed class Hanging(Job.Journal journal, PrimaryScope scope) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            journal.Begin(scope);
            await journal.Work(scope, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            journal.End(scope);
            return Task.CompletedTask;
        }
    }

    /// <summary>A service that writes down when it begins and ends.</summary>
    internal sealed class Job(Job.Journal journal, PrimaryScope scope) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            journal.Begin(scope);
            try
            {
                await journal.Work(scope, stoppingToken);
            }
            finally
            {
                journal.End(scope);
            }
        }

        internal sealed class Journal
        {
            private readonly List<string> _lines = [];

            internal Func<PrimaryScope, CancellationToken, Task> Work { get; set; } = static (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token);

            internal PrimaryScope? Scope { get; private set; }

            internal int Running { get; private set; }

            internal int Most { get; private set; }

            internal IReadOnlyList<string> Lines
            {
                get
                {
                    lock (_lines)
                    {
                        return [.. _lines];
                    }
                }
            }

            internal void Begin(PrimaryScope scope)
            {
                lock (_lines)
                {
                    Scope = scope;
                    Most = Math.Max(Most, ++Running);
                    _lines.Add($"begins {scope.Token}");
                }
            }

            internal void End(PrimaryScope scope)
            {
                lock (_lines)
                {
                    Running--;
                    _lines.Add($"ends {scope.Token}");
                }
            }
        }
    }
}
