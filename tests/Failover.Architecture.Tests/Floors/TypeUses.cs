using System.Reflection;

namespace Failover.Architecture.Tests.Floors;

/// <summary>
/// Which type of an assembly names which other one: in its base, members, signatures, local variables and code. Read from what
/// was compiled, so that a name in a comment is no use. A nested type, written or made by the compiler, counts as its outermost one.
/// What the compiler leaves no trace of, a constant or a nameof, is not seen.
/// </summary>
internal sealed class TypeUses(Assembly assembly)
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    internal IReadOnlyCollection<TypeUse> All()
    {
        var folders = SourceFolders.Of(assembly);
        return
        [
            .. from user in folders.Keys
               from used in NamedBy(user).Where(used => used.Assembly == assembly).Select(Outermost).Distinct()
               where used != user && folders.ContainsKey(used)                     // not what a generator or the compiler made
               select new TypeUse(user.Name, folders[user], used.Name, folders[used]),
        ];
    }

    /// <summary>Every type that a type names, itself or in the types nested in it.</summary>
    internal static IEnumerable<Type> NamedBy(Type type) =>
        Named(type).SelectMany(Flatten).Concat(type.GetNestedTypes(Declared).SelectMany(NamedBy)).Distinct();

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>A type and every type that it is made of: of an array its elements, of a generic type its arguments.</summary>
    private static IEnumerable<Type> Flatten(Type type)
    {
        if (type.HasElementType)
        {
            return Flatten(type.GetElementType()!);
        }

        if (type.IsGenericParameter)
        {
            return [];
        }

        return type.IsGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Flatten)] : [type];
    }

    private static IEnumerable<Type> Named(Type type) =>
    [
        .. type.BaseType is { } parent ? new[] { parent } : [],
        .. type.GetInterfaces(),
        .. type.IsGenericTypeDefinition ? type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()) : [],
        .. Attributes(type),
        .. type.GetFields(Declared).SelectMany(field => (Type[])[field.FieldType, .. Attributes(field)]),
        .. type.GetProperties(Declared).SelectMany(property => (Type[])[property.PropertyType, .. Attributes(property)]),
        .. type.GetMethods(Declared).SelectMany(method => (Type[])[method.ReturnType, .. method.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()), .. Named(method)]),
        .. type.GetConstructors(Declared).SelectMany(Named),
    ];

    private static IEnumerable<Type> Attributes(MemberInfo member) =>
        member.GetCustomAttributesData().SelectMany(data => data.ConstructorArguments.Select(argument => argument.Value).OfType<Type>().Append(data.AttributeType));

    private static IEnumerable<Type> Named(MethodBase method) =>
    [
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. Attributes(method),
        .. method.GetMethodBody() is { } body
            ? [.. body.LocalVariables.Select(local => local.LocalType), .. body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType!), .. CodeTokens.Of(method, body).SelectMany(Named)]
            : Array.Empty<Type>(),
    ];

    private static IEnumerable<Type> Named(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodInfo method => [.. Owner(method), method.ReturnType, .. method.IsGenericMethod ? method.GetGenericArguments() : []],
        _ => Owner(member),
    };

    private static IEnumerable<Type> Owner(MemberInfo member) => member.DeclaringType is { } owner ? [owner] : [];
}
