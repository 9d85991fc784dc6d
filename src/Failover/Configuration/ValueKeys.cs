using System.Globalization;

namespace Failover.Configuration;

/// <summary>A time within a range.</summary>
internal sealed class TimeKey<TOptions>(string key, Func<TOptions, TimeSpan?> get, Action<TOptions, TimeSpan?> set, TimeSpan minimum, TimeSpan maximum, bool optional)
    : ValueKey<TOptions, TimeSpan?>(key, get, set)
{
    internal override string Allowed => $"{(optional ? "left out, or " : "")}from {Shown.Time(minimum)} to {Shown.Time(maximum)}";

    internal override bool IsAllowed(TimeSpan? value) => value is { } time ? time >= minimum && time <= maximum : optional;

    internal override bool TryParse(string text, out TimeSpan? value, out string? hint)
    {
        value = null;
        hint = ", written as hh:mm:ss";
        if (text.Length == 0)
        {
            return optional;
        }

        if (text.All(char.IsAsciiDigit) && text.Any(digit => digit != '0'))
        {
            // TimeSpan.Parse takes "5" for five days. Nobody means that, so nobody gets it.
            hint = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds < 86_400
                ? $"; a plain number counts as days: write {Shown.Time(TimeSpan.FromSeconds(seconds))} for {seconds} seconds"
                : "; a plain number counts as days: write hh:mm:ss, or d.hh:mm:ss";
            return false;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time))
        {
            value = time;
            return true;
        }

        return false;
    }
}

/// <summary>A whole number within a range.</summary>
internal sealed class IntegerKey<TOptions>(string key, Func<TOptions, int> get, Action<TOptions, int> set, int minimum, int maximum)
    : ValueKey<TOptions, int>(key, get, set)
{
    internal override string Allowed => string.Create(CultureInfo.InvariantCulture, $"from {minimum} to {maximum}");

    internal override bool IsAllowed(int value) => value >= minimum && value <= maximum;

    internal override bool TryParse(string text, out int value, out string? hint)
    {
        hint = ", a whole number";
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value);
    }
}

/// <summary>A number above one bound, up to another.</summary>
internal sealed class FractionKey<TOptions>(string key, Func<TOptions, double> get, Action<TOptions, double> set, double above, double maximum)
    : ValueKey<TOptions, double>(key, get, set)
{
    internal override string Allowed => string.Create(CultureInfo.InvariantCulture, $"above {above}, up to {maximum}");

    // Not the other way round: NaN compares as false.
    internal override bool IsAllowed(double value) => value > above && value <= maximum;

    internal override bool TryParse(string text, out double value, out string? hint)
    {
        hint = ", a number with a point";
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}

/// <summary>True or false.</summary>
internal sealed class FlagKey<TOptions>(string key, Func<TOptions, bool> get, Action<TOptions, bool> set)
    : ValueKey<TOptions, bool>(key, get, set)
{
    internal override string Allowed => "true or false";

    internal override bool IsAllowed(bool value) => true;

    internal override bool TryParse(string text, out bool value, out string? hint)
    {
        hint = null;
        return bool.TryParse(text, out value);
    }
}

/// <summary>One of the names of an enum.</summary>
internal sealed class ChoiceKey<TOptions, TEnum>(string key, Func<TOptions, TEnum> get, Action<TOptions, TEnum> set)
    : ValueKey<TOptions, TEnum>(key, get, set)
    where TEnum : struct, Enum
{
    internal override string Allowed => $"one of {string.Join(", ", Enum.GetNames<TEnum>())}";

    internal override bool IsAllowed(TEnum value) => Enum.IsDefined(value);

    internal override bool TryParse(string text, out TEnum value, out string? hint)
    {
        hint = null;
        value = default;

        // Enum.TryParse alone would also take numbers and lists.
        return Enum.GetNames<TEnum>().Contains(text, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(text, ignoreCase: true, out value);
    }
}

/// <summary>Text that may be left out.</summary>
internal sealed class TextKey<TOptions>(string key, Func<TOptions, string?> get, Action<TOptions, string?> set)
    : ValueKey<TOptions, string?>(key, get, set)
{
    internal override string Allowed => "text";

    internal override bool IsAllowed(string? value) => true;

    internal override bool TryParse(string text, out string? value, out string? hint)
    {
        hint = null;
        value = text.Length == 0 ? null : text;
        return true;
    }
}

/// <summary>A value that may be left out.</summary>
internal sealed class OptionalKey<TOptions, TValue>(ValueKey<TOptions, TValue> inner, Func<TOptions, TValue?> get, Action<TOptions, TValue?> set)
    : ValueKey<TOptions, TValue?>(inner.Key, get, set)
    where TValue : struct
{
    internal override string Allowed => $"left out, or {inner.Allowed}";

    internal override bool IsAllowed(TValue? value) => value is not { } given || inner.IsAllowed(given);

    internal override bool TryParse(string text, out TValue? value, out string? hint)
    {
        (value, hint) = (null, null);
        if (text.Length == 0)
        {
            return true;
        }

        bool isParsed = inner.TryParse(text, out TValue parsed, out hint);
        value = parsed;
        return isParsed;
    }
}
