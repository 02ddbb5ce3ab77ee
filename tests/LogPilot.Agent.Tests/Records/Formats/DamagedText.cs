namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>Texts as no server writes them: bytes are lost, doubled, exchanged for others, preferably for those that mean something.</summary>
internal static class DamagedText
{
    private static readonly byte[] Meaningful = [.. "\"\\[] -,:\t\r\n0"u8, 0, 0x80, 0xc3, 0xff];

    public static byte[] Of(Random random, byte[] text)
    {
        var damaged = text.ToList();
        for (var damage = random.Next(1, 6); damage > 0; damage--)
        {
            Damage(random, damaged);
        }

        return [.. damaged];
    }

    private static void Damage(Random random, List<byte> text)
    {
        var at = random.Next(text.Count + 1);
        var count = Math.Min(random.Next(1, 12), text.Count - at);
        switch (random.Next(5))
        {
            case 0:
                text.Insert(at, Meaningful[random.Next(Meaningful.Length)]);
                break;
            case 1 when at < text.Count:
                text[at] = Meaningful[random.Next(Meaningful.Length)];
                break;
            case 2:
                text.RemoveRange(at, count);
                break;
            case 3:
                text.InsertRange(at, text.GetRange(at, count));
                break;
            case 4:
                text.RemoveRange(at, text.Count - at);
                break;
            default:
                text.Add((byte)random.Next(256));
                break;
        }
    }
}
