using System.Text;
using LogPilot.Agent.Containers.Watch;

namespace LogPilot.Agent.Containers.Cri;

/// <summary>Reads the list of containers again and again, and makes texts only of those that the list before had not.</summary>
internal sealed class CriListings
{
    private Dictionary<string, ContainerListing> _known = [];
    private Dictionary<string, ContainerListing> _before = [];

    /// <param name="message"><c>ListContainersResponse { repeated Container containers = 1; }</c></param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public IReadOnlyList<ContainerListing> Read(ReadOnlySpan<byte> message)
    {
        (_known, _before) = (_before, _known);
        _known.Clear();
        var response = new ProtobufReader(message);
        while (response.Read())
        {
            if (response.Field == 1 && ReadContainer(response.Bytes) is { } listing)
            {
                _known[listing.Id] = listing;
            }
        }

        return [.. _known.Values];
    }

    // Container { string id = 1; ContainerMetadata metadata = 3; ContainerState state = 6; map<string, string> labels = 8; }
    private ContainerListing? ReadContainer(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> id = default;
        ulong state = 0;
        var container = new ProtobufReader(message);
        while (container.Read())
        {
            switch (container.Field)
            {
                case 1:
                    id = container.Bytes;
                    break;
                case 6:
                    state = container.Number;
                    break;
            }
        }

        if (id.IsEmpty || id.Length > CriRequest.IdBytesMax)
        {
            return null;
        }

        Span<char> characters = stackalloc char[CriRequest.IdBytesMax];
        characters = characters[..Encoding.UTF8.GetChars(id, characters)];
        var stands = CriContainer.StateOf(state);
        return !_before.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters, out var known)
            ? new ContainerListing(characters.ToString(), CriContainer.NameOf(message, metadataField: 3, labelsField: 8), stands)
            : known.State == stands ? known : known with { State = stands };
    }
}
