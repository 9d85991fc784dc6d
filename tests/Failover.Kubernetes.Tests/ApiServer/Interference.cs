using System.Text;
using Microsoft.AspNetCore.Http;

namespace Failover.Kubernetes.Tests.ApiServer;

/// <summary>What an API server, or something in front of it, does in place of answering as it should.</summary>
internal abstract record Interference
{
    internal async Task AnswerAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        switch (this)
        {
            case Answer answer:
                response.StatusCode = answer.Status;
                response.ContentType = "application/json";
                if (answer.RetryAfter is { } after)
                {
                    response.Headers.RetryAfter = after;
                }

                await response.WriteAsync(answer.Body, cancellationToken);
                return;
            case HangInBody:
                response.ContentType = "application/json";
                await response.WriteAsync("{\"kind\":\"Lease\",", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
                break;
            case Endless:
                response.ContentType = "application/json";
                byte[] some = Encoding.UTF8.GetBytes(new string(' ', 64 * 1024));
                while (true)
                {
                    await response.Body.WriteAsync(some, cancellationToken);
                    await response.Body.FlushAsync(cancellationToken);
                }
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    /// <summary>It answers something of its own.</summary>
    internal sealed record Answer(int Status, string Body, string? RetryAfter = null) : Interference;

    /// <summary>It never answers.</summary>
    internal sealed record Hang : Interference;

    /// <summary>It begins an answer, and never ends it.</summary>
    internal sealed record HangInBody : Interference;

    /// <summary>It answers without end.</summary>
    internal sealed record Endless : Interference;

    /// <summary>It does what it was asked for, and the connection breaks before the answer.</summary>
    internal sealed record LoseAnswer : Interference;
}
