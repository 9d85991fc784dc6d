using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Failover.HealthChecks.Evaluation;

namespace Failover.HealthChecks.Tests.Evaluation;

public class CheckErrorTests
{
    public static TheoryData<Exception, string> Errors => new()
    {
        { new InvalidOperationException("hush"), "InvalidOperationException" },
        { new SocketException((int)SocketError.ConnectionRefused), "SocketException (ConnectionRefused)" },
        { new DatabaseException("28P01", "password hush"), "DatabaseException (28P01)" },
        { new DatabaseException(null, "cannot connect", new SocketException((int)SocketError.HostNotFound)), "DatabaseException (HostNotFound)" },
        { new DatabaseException("not a state: hush", "x"), "DatabaseException" },
        { new HttpRequestException("x", null, HttpStatusCode.BadGateway), "HttpRequestException (502)" },
        { new HttpRequestException(HttpRequestError.NameResolutionError, "x", new SocketException((int)SocketError.HostNotFound)), "HttpRequestException (HostNotFound)" },
        { new HttpRequestException(HttpRequestError.SecureConnectionError, "x"), "HttpRequestException (SecureConnectionError)" },
        { new AggregateException(new TimeoutException()), "TimeoutException" },
        { new HostileException(), "HostileException" },
        { Nested(100), "InvalidOperationException" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_exception_is_told_by_its_type_and_its_code(Exception exception, string expected) => Assert.Equal(expected, CheckError.Of(exception));

    [Fact]
    public void Messages_go_from_the_outside_to_the_cause_and_say_nothing_twice()
    {
        Exception cause = new SocketException((int)SocketError.ConnectionRefused);

        Assert.Equal($"cannot connect: {cause.Message}", CheckError.Messages(new IOException("cannot connect.", cause)));
        Assert.Equal($"One or more errors occurred. ({cause.Message})", CheckError.Messages(new AggregateException(cause)));
        Assert.Equal("no use", CheckError.Messages(new IOException("no use", new HostileException())));
        Assert.Equal("", CheckError.Messages(new HostileException()));
    }

    [Fact]
    public void An_exception_that_throws_when_it_is_looked_at_has_no_place() => Assert.Null(CheckError.Place(new HostileException()));

    private static Exception Nested(int depth) => depth == 0 ? new SocketException() : new InvalidOperationException("x", Nested(depth - 1));

    private sealed class DatabaseException(string? state, string message, Exception? inner = null) : DbException(message, inner)
    {
        public override string? SqlState => state;
    }

    private sealed class HostileException : DbException
    {
        public override string Message => throw new InvalidOperationException("hush");

        public override string StackTrace => throw new InvalidOperationException("hush");

        public override string SqlState => throw new InvalidOperationException("hush");
    }
}
