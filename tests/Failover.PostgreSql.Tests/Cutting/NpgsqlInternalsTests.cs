using System.Runtime.CompilerServices;
using Failover.PostgreSql.Cutting;
using Npgsql;

namespace Failover.PostgreSql.Tests.Cutting;

public sealed class NpgsqlInternalsTests
{
    [Fact]
    public void This_Npgsql_has_every_member()
    {
        Assert.Null(NpgsqlInternals.MissingMember);
        using NodeConnections connections = new("pg-a", TimeProvider.System, new(), new Witness());
        Assert.Equal((CutMode.Stream, (string?)null), (connections.Mode, connections.MissingMember));
    }

    [Fact]
    public void A_member_or_a_type_that_is_missing_is_named()
    {
        (string, Action) there = ("Connector", static () => NpgsqlInternals.ConnectorOf(null!));

        Assert.Null(NpgsqlInternals.FirstMissing([there]));
        Assert.Equal("method", NpgsqlInternals.FirstMissing([there, ("method", static () => NoMethod(null!))]));
        Assert.Equal("field", NpgsqlInternals.FirstMissing([there, ("field", static () => _ = NoField(null!))]));
        Assert.Equal("type", NpgsqlInternals.FirstMissing([there, ("type", static () => NoType(null!)), ("field", static () => _ = NoField(null!))]));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_NotThere")]
    private static extern object NoMethod(NpgsqlConnection connection);

    // There, but of another type.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_connectionString")]
    private static extern ref int NoField(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Underlying")]
    private static extern object NoType([UnsafeAccessorType("Npgsql.Internal.NotThere, Npgsql")] object buffer);
}
