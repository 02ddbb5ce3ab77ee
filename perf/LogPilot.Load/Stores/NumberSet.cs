namespace LogPilot.Load.Stores;

/// <summary>Which of the numbers from 1 are there, a bit each.</summary>
internal sealed class NumberSet
{
    private const int WordBits = 64;

    private ulong[] _words = new ulong[1024];

    /// <summary>How many are there.</summary>
    public int Count { get; private set; }

    /// <summary>The number up to which all are there.</summary>
    public int Through { get; private set; }

    public bool Contains(int number) =>
        number / WordBits < _words.Length && (_words[number / WordBits] & Bit(number)) != 0;

    /// <summary>False if it was there already.</summary>
    public bool Add(int number)
    {
        if (Contains(number))
        {
            return false;
        }

        var word = number / WordBits;
        if (word >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max(word + 1, _words.Length * 2));
        }

        _words[word] |= Bit(number);
        Count++;
        while (Contains(Through + 1))
        {
            Through++;
        }

        return true;
    }

    /// <summary>The numbers up to a last one that are not there.</summary>
    public IReadOnlyList<NumberRange> Missing(int last)
    {
        var ranges = new List<NumberRange>();
        for (var number = Through + 1; number <= last; number++)
        {
            if (Contains(number))
            {
                continue;
            }

            var first = number;
            while (number < last && !Contains(number + 1))
            {
                number++;
            }

            ranges.Add(new NumberRange(first, number));
        }

        return ranges;
    }

    private static ulong Bit(int number) => 1UL << (number % WordBits);
}
