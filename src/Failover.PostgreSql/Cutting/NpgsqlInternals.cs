#pragma warning disable NPG9001 // NpgsqlConnector is experimental: each member that we use is tried first (NpgsqlInternals).
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Internal;

namespace Failover.PostgreSql.Cutting;

/// <summary>
/// Every private member of Npgsql that this package uses, and nothing else. Names and kinds are the same from Npgsql 8.0 to 10.0. They are tried when a data source is built:
/// without one of them connections are cut by <see cref="SocketScan"/>.
/// </summary>
internal static class NpgsqlInternals
{
    private const string ReadBuffer = "Npgsql.Internal.NpgsqlReadBuffer, Npgsql";
    private const string WriteBuffer = "Npgsql.Internal.NpgsqlWriteBuffer, Npgsql";

    private static readonly Lazy<string?> Missing = new(static () => FirstMissing(Members));

    /// <summary>Gets what the Npgsql at hand lacks, or null if nothing.</summary>
    internal static string? MissingMember => Missing.Value;

    // On no object at all a member that is there throws NullReferenceException, and one that is not says so.
    private static IEnumerable<(string Name, Action Use)> Members =>
    [
        ("NpgsqlConnection.Connector", static () => ConnectorOf(null!)),
        ("NpgsqlConnector._socket", static () => _ = SocketOf(null!)),
        ("NpgsqlConnector.ReadBuffer", static () => ReadBufferOf(null!)),
        ("NpgsqlConnector.WriteBuffer", static () => WriteBufferOf(null!)),
        ("NpgsqlReadBuffer.Underlying", static () => UnderlyingOf(null!)),
        ("NpgsqlReadBuffer.Underlying", static () => SetReads(null!, Stream.Null)),
        ("NpgsqlWriteBuffer.Underlying", static () => SetWrites(null!, Stream.Null)),
        ("NpgsqlConnector.UserCancellationToken", static () => UserToken(null!)),
        ("NpgsqlConnector._userCancellationRequested", static () => _ = UserAskedToCancel(null!)),
        ("NpgsqlConnector.AttemptPostgresCancellation", static () => WouldCancel(null!)),
        ("NpgsqlConnector.PostgresCancellationPerformed", static () => SetCancelSent(null!, true)),
        ("NpgsqlConnector._backendSecretKey", static () => _ = SecretKey(null!)),
    ];

    internal static string? FirstMissing(IEnumerable<(string Name, Action Use)> members)
    {
        foreach ((string name, Action use) in members)
        {
            try
            {
                use();
            }
            catch (NullReferenceException)
            {
            }
            catch (Exception e) when (e is MissingMemberException or TypeLoadException)
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>Gets the stream that Npgsql reads a connection from; null while it has none.</summary>
    internal static Stream? StreamOf(NpgsqlConnection connection) =>
        ConnectorOf(connection) is { } connector && ReadBufferOf(connector) is { } buffer ? UnderlyingOf(buffer) : null;

    /// <summary>Puts a stream between a connection and its own one.</summary>
    internal static void Interpose(NpgsqlConnector connector, Stream stream)
    {
        SetReads(ReadBufferOf(connector)!, stream);
        SetWrites(WriteBufferOf(connector)!, stream);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Connector")]
    internal static extern NpgsqlConnector? ConnectorOf(NpgsqlConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    internal static extern ref Socket SocketOf(NpgsqlConnector connector);

    /// <summary>The token of the call that runs.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_UserCancellationToken")]
    internal static extern CancellationToken UserToken(NpgsqlConnector connector);

    /// <summary>Whether the token of the call that runs has fired, as Npgsql sees it. Once set, Npgsql's own handler does nothing.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_userCancellationRequested")]
    internal static extern ref bool UserAskedToCancel(NpgsqlConnector connector);

    /// <summary>Whether Npgsql would ask the server to cancel the call that runs.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_AttemptPostgresCancellation")]
    internal static extern bool WouldCancel(NpgsqlConnector connector);

    /// <summary>Makes Npgsql believe that the server was asked: it opens no connection of its own for that.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PostgresCancellationPerformed")]
    internal static extern void SetCancelSent(NpgsqlConnector connector, bool value);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_backendSecretKey")]
    internal static extern ref int SecretKey(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ReadBuffer")]
    [return: UnsafeAccessorType(ReadBuffer)]
    private static extern object? ReadBufferOf(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_WriteBuffer")]
    [return: UnsafeAccessorType(WriteBuffer)]
    private static extern object? WriteBufferOf(NpgsqlConnector connector);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Underlying")]
    private static extern Stream UnderlyingOf([UnsafeAccessorType(ReadBuffer)] object buffer);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Underlying")]
    private static extern void SetReads([UnsafeAccessorType(ReadBuffer)] object buffer, Stream stream);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Underlying")]
    private static extern void SetWrites([UnsafeAccessorType(WriteBuffer)] object buffer, Stream stream);
}
