using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Failover.TestServers.Resp;

/// <summary>
/// A connection to a Redis server or a Sentinel, in RESP2, that hides nothing: no retry, no routing. An answer is a string, a <see cref="long"/>, null, an array of these, or a <see cref="RespError"/>.
/// One call at a time.
/// </summary>
public sealed class RespConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly PipeReader _reader;

    private RespConnection(Stream stream) => (_stream, _reader) = (stream, PipeReader.Create(stream));

    /// <summary>Connects to a port of the loopback, by TLS if there is a root to verify it by, and gives the password.</summary>
    /// <exception cref="RespException">The password was refused.</exception>
    /// <exception cref="IOException">The server went away, or there was none (then a <see cref="SocketException"/>).</exception>
    public static async Task<RespConnection> ConnectAsync(int port, string? password, X509Certificate2? root, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (root is not null)
            {
                SslStream tls = new(stream);
                X509ChainPolicy chain = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { root } };
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = chain }, cancellationToken);
                stream = tls;
            }

            RespConnection connection = new(stream);
            if (password is not null)
            {
                await connection.AskAsync(cancellationToken, "AUTH", password);
            }

            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command and reads its answer.</summary>
    /// <exception cref="RespException">The answer is an error.</exception>
    public async Task<object?> AskAsync(CancellationToken cancellationToken, params string[] command)
    {
        await SendAsync(cancellationToken, command);
        object? answer = await ReadAsync(cancellationToken);
        return answer is RespError error ? throw new RespException(error.Message) : answer;
    }

    /// <summary>Sends commands at once; their answers are read one by one.</summary>
    public async Task SendAsync(CancellationToken cancellationToken, params string[][] commands)
    {
        StringBuilder text = new();
        foreach (string[] command in commands)
        {
            text.Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
            foreach (string word in command)
            {
                text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
            }
        }

        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    /// <summary>Reads the next answer, or the next message of a subscription.</summary>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public async Task<object?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await _reader.ReadAsync(cancellationToken);
            if (RespParser.TryParse(read.Buffer, out object? value, out SequencePosition end))
            {
                _reader.AdvanceTo(end);
                return value;
            }

            if (read.IsCompleted)
            {
                throw new IOException("The server closed the connection.");
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
