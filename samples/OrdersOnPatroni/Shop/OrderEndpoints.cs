using System.Data.Common;
using Failover.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace OrdersOnPatroni.Shop;

/// <summary>Takes orders, and tells whoever orders what became of it.</summary>
internal static class OrderEndpoints
{
    private static readonly TimeSpan OldestRead = TimeSpan.FromSeconds(5);

    internal static async Task<IResult> TakeAsync(NewOrder order, OrdersContext orders, CancellationToken cancellationToken)
    {
        Order taken = new() { Number = order.Number, Item = order.Item };
        orders.Add(taken);
        try
        {
            // Waits for a primary if there is none, and is repeated only where nothing was committed.
            await orders.SaveChangesAsync(cancellationToken);
            return Results.Json(new TakenOrder(taken.Number, taken.Timeline), statusCode: StatusCodes.Status201Created);
        }
        catch (OutcomeUnknownException)
        {
            return Results.Json(new Refusal(Refusal.Unknown), statusCode: StatusCodes.Status500InternalServerError);
        }
        catch (FailoverException)
        {
            // NotExecutedException, PrimaryUnavailableException: it may be ordered again.
            return Results.Json(new Refusal(Refusal.NotExecuted), statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException)
        {
            return Results.Json(new Refusal((exception.GetBaseException() as DbException)?.SqlState ?? exception.GetType().Name), statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    #region docs:reads
    internal static async Task<OrderCount> CountAsync(FailoverDataSource db, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await db.ForReads(OldestRead).OpenConnectionAsync(cancellationToken);
        await using NpgsqlCommand command = new("select count(*) from orders", connection);
        return new((long)(await command.ExecuteScalarAsync(cancellationToken))!, connection.Port);
    }
    #endregion
}

internal sealed record NewOrder(long Number, string Item);

internal sealed record TakenOrder(long Number, int Timeline);

/// <summary>How many orders there are, and on which port the node listens that said so.</summary>
internal sealed record OrderCount(long Count, int Port);

internal sealed record Refusal(string Because)
{
    internal const string Unknown = "outcome unknown: look before you order again";
    internal const string NotExecuted = "not executed: you may order again";
}
