using System.Net.Sockets;
using Failover.PostgreSql.Execution;
using Npgsql;

namespace Failover.PostgreSql.Tests.Execution;

/// <summary>What a failure says of the work, in every state that its connection can be in.</summary>
public class JudgeTests
{
    private static readonly Traffic Idle = new(IsKnown: true, WasSent: false, MayHaveCommitted: false, IsInTransaction: false, IsInFlight: false, IsCommitInFlight: false);
    private static readonly Traffic Command = Idle with { WasSent = true, IsInFlight = true };
    private static readonly Traffic Transaction = Command with { IsInTransaction = true };
    private static readonly Traffic Commit = Transaction with { IsCommitInFlight = true };

    private static NpgsqlException Lost => new("Exception while reading from stream", new EndOfStreamException());

    [Fact]
    public void A_connection_that_is_lost_before_anything_was_sent_did_nothing() => Assert.Equal(Outcome.NotExecuted, Judge.Of(Lost, Idle));

    [Fact]
    public void A_command_of_its_own_may_have_been_done() => Assert.Equal(Outcome.Unknown, Judge.Of(Lost, Command));

    [Fact]
    public void A_command_in_a_transaction_is_undone_with_it() => Assert.Equal(Outcome.NotExecuted, Judge.Of(Lost, Transaction));

    [Fact]
    public void A_commit_may_have_been_done() => Assert.Equal(Outcome.Unknown, Judge.Of(Lost, Commit));

    [Fact]
    public void A_connection_that_is_lost_between_two_commands_outside_of_a_transaction_says_nothing_of_the_first() =>
        Assert.Equal(Outcome.Unknown, Judge.Of(Lost, Idle with { WasSent = true, MayHaveCommitted = true }));

    [Fact]
    public void What_was_committed_before_the_transaction_that_was_lost_stays() => Assert.Equal(Outcome.Unknown, Judge.Of(Lost, Transaction with { MayHaveCommitted = true }));

    [Fact]
    public void Where_the_traffic_is_not_seen_nothing_is_certain() => Assert.Equal(Outcome.Unknown, Judge.Of(Lost, Traffic.Nothing));

    [Theory]
    [InlineData("25006")]
    [InlineData("57P01")]
    [InlineData("57P02")]
    [InlineData("57P03")]
    [InlineData("08006")]
    public void A_node_that_refuses_a_command_did_not_do_it(string state)
    {
        Assert.Equal(Outcome.NotExecuted, Judge.Of(Refused(state), Command));
        Assert.Equal(Outcome.Unknown, Judge.Of(Refused(state), Command with { MayHaveCommitted = true }));
        Assert.Equal(Outcome.Unknown, Judge.Of(Refused(state), Commit));
    }

    [Theory]
    [InlineData("23505")]
    [InlineData("40001")]
    [InlineData("42601")]
    [InlineData("53300")]
    public void What_the_server_says_no_to_for_reasons_of_its_own_is_the_callers(string state) => Assert.Equal(Outcome.Theirs, Judge.Of(Refused(state), Command));

    [Fact]
    public void A_command_that_the_server_has_cancelled_was_not_done_and_one_that_was_cut_may_have_been()
    {
        Assert.Equal(Outcome.NotExecuted, Judge.Of(new OperationCanceledException("cancelled", Refused("57014")), Command));
        Assert.Equal(Outcome.Unknown, Judge.Of(new OperationCanceledException("cut"), Command));
        Assert.Equal(Outcome.NotExecuted, Judge.Of(new OperationCanceledException("cut"), Transaction));
        Assert.Equal(Outcome.NotExecuted, Judge.Of(new OperationCanceledException("before"), Idle));
    }

    [Fact]
    public void Other_failures_are_the_callers() => Assert.Equal(
        [Outcome.Theirs, Outcome.Theirs, Outcome.Unknown],
        [
            Judge.Of(new InvalidOperationException(), Command),
            Judge.Of(new PrimaryUnavailableException("", null), Idle with { WasSent = true }),
            Judge.Of(new PrimaryUnavailableException("", null), Idle with { WasSent = true, MayHaveCommitted = true }),
        ]);

    [Fact]
    public void A_socket_that_breaks_counts_like_a_connection_that_is_lost() =>
        Assert.Equal([Outcome.Unknown, Outcome.NotExecuted], [Judge.Of(new SocketException((int)SocketError.ConnectionReset), Command), Judge.Of(new IOException(), Transaction)]);

    private static PostgresException Refused(string state) => new("no", "FATAL", "FATAL", state);
}
