using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Failover.Redis.Resp;

/// <summary>
/// A connection to a node or a sentinel in RESP2, that hides nothing: no retry, no routing. It waits as long as the token of a call allows. One call at a time, but that one may send while another reads.
/// After a call that was cancelled or failed, other than by an error as the answer, it can only be disposed of.
/// </summary>
internal sealed class RespConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly RespReader _reader;
    private readonly string? _secret;
    private volatile bool _isBroken;

    private RespConnection(Stream stream, string? secret) => (_stream, _reader, _secret) = (stream, new RespReader(stream), secret);

    /// <summary>Gets whether it can only be disposed of.</summary>
    internal bool IsBroken => _isBroken;

    /// <summary>Connects, by TLS if asked for, gives the credentials, and says what the client is called.</summary>
    /// <exception cref="RespErrorException">The server refused the credentials.</exception>
    /// <exception cref="Exception">No connection can be made: whatever <see cref="RespFaults.IsFault"/> tells as a fault. None of them holds a secret.</exception>
    internal static async Task<RespConnection> ConnectAsync(string host, int port, RespAccess access, CancellationToken cancellationToken)
    {
        (RedisCredentials? credentials, SslClientAuthenticationOptions? rules) = await GivenAsync(host, access, cancellationToken).ConfigureAwait(false);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            stream = await SecuredAsync(new NetworkStream(socket, ownsSocket: true), rules, cancellationToken).ConfigureAwait(false);
            RespConnection connection = new(stream, credentials?.Password);
            RespErrorException? refusal = await connection.AuthenticateAsync(credentials, access.MayBeUnknown, cancellationToken).ConfigureAwait(false);
            await connection.NameAsync(access.ClientName, refusal, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            socket.Dispose();
            throw;
        }
    }

    /// <summary>Makes a connection ready that another speaks over: by TLS if asked for, and with the credentials given. What is returned stands over what is connected.</summary>
    /// <inheritdoc cref="ConnectAsync" path="/exception"/>
    internal static async Task<Stream> PrepareAsync(Stream connected, string host, RespAccess access, CancellationToken cancellationToken)
    {
        (RedisCredentials? credentials, SslClientAuthenticationOptions? rules) = await GivenAsync(host, access, cancellationToken).ConfigureAwait(false);
        Stream stream = await SecuredAsync(connected, rules, cancellationToken).ConfigureAwait(false);
        RespConnection connection = new(stream, credentials?.Password);
        await connection.AuthenticateAsync(credentials, access.MayBeUnknown, cancellationToken).ConfigureAwait(false);
        return connection._reader.IsEmpty ? stream : throw new RespProtocolException("The server said something that it was not asked.");
    }

    /// <summary>Sends a command and reads its answer.</summary>
    /// <exception cref="RespErrorException">The answer is an error; the connection can be used on.</exception>
    internal ValueTask<RespValue> AskAsync(CancellationToken cancellationToken, params ReadOnlySpan<string> command) => AskAsync(Bytes(command), cancellationToken);

    /// <summary>Sends commands at once, and reads their answers.</summary>
    /// <exception cref="RespErrorException">One of the answers is an error; all were read, and the connection can be used on.</exception>
    internal async ValueTask<RespValue[]> AskAllAsync(IReadOnlyCollection<string[]> commands, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> bytes = new(256);
        foreach (string[] command in commands)
        {
            Write(bytes, command);
        }

        await SendAsync(bytes.WrittenMemory, cancellationToken).ConfigureAwait(false);
        RespValue[] answers = new RespValue[commands.Count];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = await ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        return Array.Find(answers, static answer => answer.Kind == RespKind.Error) is { } error ? throw ErrorOf(error) : answers;
    }

    /// <summary>Sends a command, and waits for no answer.</summary>
    internal ValueTask SendAsync(CancellationToken cancellationToken, params ReadOnlySpan<string> command) => SendAsync(Bytes(command), cancellationToken);

    /// <summary>Reads the next answer, or the next message of a subscription. An error is returned, not thrown.</summary>
    internal async ValueTask<RespValue> ReadAsync(CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        try
        {
            return await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _isBroken = true;
            throw;
        }
    }

    /// <summary>Makes an exception of an error that was read.</summary>
    internal RespErrorException ErrorOf(RespValue error) => RespFaults.Of(error.Text!, _secret, isSecret: false);

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync()
    {
        _isBroken = true;
        return _stream.DisposeAsync();
    }

    /// <summary>Whether a server says that it has no password: then it lets everybody in. Nodes often have one where their sentinels have none.</summary>
    private static bool AsksForNone(string error) =>
        error.StartsWith("ERR ", StringComparison.Ordinal)
        && (error.Contains("without any password configured", StringComparison.Ordinal) || error.Contains("no password is set", StringComparison.Ordinal));

    /// <returns>The refusal of credentials that the server does not know and does not have to; null if there was none.</returns>
    private async ValueTask<RespErrorException?> AuthenticateAsync(RedisCredentials? credentials, bool mayBeUnknown, CancellationToken cancellationToken)
    {
        if (credentials is not ({ User: not null } or { Password.Length: > 0 }))
        {
            return null;
        }

        await SendAsync(credentials.User is { } user ? Bytes("AUTH", user, credentials.Password ?? "") : Bytes("AUTH", credentials.Password!), cancellationToken).ConfigureAwait(false);
        RespValue answer = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (answer.Kind != RespKind.Error || (credentials.User is null && AsksForNone(answer.Text!)))
        {
            return null;
        }

        RespErrorException refused = RespFaults.Of(answer.Text!, credentials.Password, isSecret: true);
        return mayBeUnknown && (refused.Kind == "WRONGPASS" || AsksForNone(answer.Text!)) ? refused : throw refused;
    }

    private async ValueTask NameAsync(string clientName, RespErrorException? refusal, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(cancellationToken, "CLIENT", "SETNAME", clientName).ConfigureAwait(false);
        }
        catch (RespErrorException refused) when (refused.Kind != "NOAUTH")
        {
            // The name is for people only: an ACL may well not allow it.
        }
        catch (RespErrorException) when (refusal is not null)
        {
            // It asks for credentials, and these are not the ones.
            throw refusal;
        }
    }

    private async ValueTask<RespValue> AskAsync(ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        await SendAsync(command, cancellationToken).ConfigureAwait(false);
        RespValue answer = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return answer.Kind == RespKind.Error ? throw ErrorOf(answer) : answer;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        try
        {
            await _stream.WriteAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _isBroken = true;
            throw;
        }
    }

    private void ThrowIfBroken()
    {
        if (_isBroken)
        {
            throw new IOException("The connection cannot be used any more.");
        }
    }

    private static ReadOnlyMemory<byte> Bytes(params ReadOnlySpan<string> words)
    {
        ArrayBufferWriter<byte> bytes = new(128);
        Write(bytes, words);
        return bytes.WrittenMemory;
    }

    private static void Write(ArrayBufferWriter<byte> bytes, ReadOnlySpan<string> words)
    {
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n"), bytes);
        foreach (string word in words)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"), bytes);
        }
    }

    private static async Task<Stream> SecuredAsync(Stream stream, SslClientAuthenticationOptions? rules, CancellationToken cancellationToken)
    {
        if (rules is null)
        {
            return stream;
        }

        SslStream secured = new(stream);
        try
        {
            await secured.AuthenticateAsClientAsync(rules, cancellationToken).ConfigureAwait(false);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask<(RedisCredentials?, SslClientAuthenticationOptions?)> GivenAsync(string host, RespAccess access, CancellationToken cancellationToken)
    {
        RedisCredentials? credentials = await GivenAsync("credentials", () => access.Credentials(cancellationToken), cancellationToken).ConfigureAwait(false);
        SslClientAuthenticationOptions? rules = access.Tls is { } tls ? await GivenAsync("rules of TLS", () => new ValueTask<SslClientAuthenticationOptions>(tls(host)), cancellationToken).ConfigureAwait(false) : null;
        return (credentials, rules);
    }

    /// <summary>Asks the application for something.</summary>
    private static async ValueTask<T> GivenAsync<T>(string what, Func<ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            // One that does not look at its token ends at the limit all the same.
            return await ask().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new RespAccessException($"The {what} could not be had ({error.GetType().Name}).");
        }
    }
}
