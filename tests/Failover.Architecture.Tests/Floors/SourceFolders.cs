using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Failover.Architecture.Tests.Floors;

/// <summary>In which folder each type was written, from the symbols beside an assembly: the namespace does not tell, as public types share one.</summary>
internal static class SourceFolders
{
    // The compiler writes this record for a type none of whose methods has a body: an interface, an enumeration.
    private static readonly Guid TypeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    /// <summary>The folder under <c>src/&lt;assembly&gt;/</c> of every outermost type that has a file there.</summary>
    internal static Dictionary<Type, string> Of(Assembly assembly)
    {
        using FileStream stream = File.OpenRead(Path.ChangeExtension(assembly.Location, ".pdb"));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(stream);
        MetadataReader symbols = provider.GetMetadataReader();
        string root = $"/src/{assembly.GetName().Name}/";

        Dictionary<Type, string> folders = [];
        foreach (Type type in assembly.GetTypes().Where(type => type.DeclaringType is null))
        {
            string? file = Documents(symbols, type).FirstOrDefault(path => path.Contains(root, StringComparison.Ordinal));
            if (file is not null)
            {
                string inPackage = file[(file.LastIndexOf(root, StringComparison.Ordinal) + root.Length)..];
                folders[type] = Path.GetDirectoryName(inPackage)!.Replace('\\', '/');
            }
        }

        return folders;
    }

    // A generated file lies under artifacts/, or has a bare name: it is passed over, and the part written by hand decides.
    private static IEnumerable<string> Documents(MetadataReader symbols, Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (MethodBase method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
        {
            var handle = MetadataTokens.MethodDebugInformationHandle(MetadataTokens.GetRowNumber(MetadataTokens.EntityHandle(method.MetadataToken)));
            foreach (SequencePoint point in symbols.GetMethodDebugInformation(handle).GetSequencePoints().Where(point => !point.Document.IsNil))
            {
                yield return PathOf(symbols, point.Document);
            }
        }

        foreach (CustomDebugInformationHandle handle in symbols.GetCustomDebugInformation(MetadataTokens.EntityHandle(type.MetadataToken)))
        {
            CustomDebugInformation record = symbols.GetCustomDebugInformation(handle);
            if (symbols.GetGuid(record.Kind) == TypeDefinitionDocuments)
            {
                for (BlobReader blob = symbols.GetBlobReader(record.Value); blob.RemainingBytes > 0;)
                {
                    yield return PathOf(symbols, MetadataTokens.DocumentHandle(blob.ReadCompressedInteger()));
                }
            }
        }

        foreach (Type nested in type.GetNestedTypes(Declared))
        {
            foreach (string document in Documents(symbols, nested))
            {
                yield return document;
            }
        }
    }

    private static string PathOf(MetadataReader symbols, DocumentHandle document) =>
        symbols.GetString(symbols.GetDocument(document).Name).Replace('\\', '/');
}
