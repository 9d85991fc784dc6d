namespace Failover;

/// <summary>
/// One of the endpoints of a failover group. A member <em>is</em> its address: two members with the same
/// address are equal, whatever they are called. Immutable, safe to share between threads.
/// </summary>
public sealed class FailoverMember : IEquatable<FailoverMember>
{
    /// <summary>Initializes a member that is called by its host and port.</summary>
    /// <param name="address">The absolute address, e.g. <c>https://orders-a.example.com</c> or <c>tcp://10.0.0.4:5432</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is relative or carries user information, a query or a fragment.</exception>
    public FailoverMember(Uri address)
        : this(null, address)
    {
    }

    /// <summary>Initializes a member with a label of its own.</summary>
    /// <param name="name">The label for logs, metrics and requests to switch; the address's host and port if null. Not part of the identity.</param>
    /// <param name="address">The absolute address, e.g. <c>https://orders-a.example.com</c> or <c>tcp://10.0.0.4:5432</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is relative or carries user information, a query or a fragment; or <paramref name="name"/> is blank.</exception>
    public FailoverMember(string? name, Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri)
        {
            throw new ArgumentException($"The address of a member must be absolute, like https://host or tcp://host:port; this one is relative: '{address}'.", nameof(address));
        }

        // The address itself is not printed here: it may hold the very secret that is refused.
        if (address.UserInfo.Length > 0)
        {
            throw new ArgumentException($"The address of a member must not carry user information (host '{address.Host}'): it is shown in logs.", nameof(address));
        }

        if (address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new ArgumentException($"The address of a member must not carry a query or a fragment (host '{address.Host}').", nameof(address));
        }

        if (name is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
        }

        Address = address;
        Name = name ?? (address.Authority.Length > 0 ? address.Authority : address.AbsoluteUri);
    }

    /// <summary>Gets the label: what logs, metrics and people call the member.</summary>
    public string Name { get; }

    /// <summary>Gets the address: what the member is.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public bool Equals(FailoverMember? other) =>
        ReferenceEquals(this, other)
        || (other is not null && string.Equals(Address.AbsoluteUri, other.Address.AbsoluteUri, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FailoverMember);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Address.AbsoluteUri);

    /// <summary>Returns the label.</summary>
    public override string ToString() => Name;
}
