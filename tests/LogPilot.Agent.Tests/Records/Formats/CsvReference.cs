namespace LogPilot.Agent.Tests.Records.Formats;

/// <summary>The grammar of one record of CSV, a byte at a time.</summary>
internal static class CsvReference
{
    private enum State
    {
        ValueStart,
        Bare,
        Quoted,
        QuoteInQuoted,
    }

    /// <summary>The values, null for one without anything; null if the record is malformed or empty.</summary>
    public static List<byte[]?>? Read(byte[] text)
    {
        var values = new List<byte[]?>();
        var value = new List<byte>();
        var state = State.ValueStart;
        foreach (var one in text)
        {
            switch (state, one)
            {
                case (State.ValueStart, (byte)'"'):
                    state = State.Quoted;
                    break;
                case (State.Quoted, (byte)'"'):
                    state = State.QuoteInQuoted;
                    break;
                case (State.QuoteInQuoted, (byte)'"'):
                    value.Add(one);
                    state = State.Quoted;
                    break;
                case (State.Quoted, _):
                    value.Add(one);
                    break;
                case (_, (byte)','):
                    EndValue();
                    break;
                case (State.QuoteInQuoted, _) or (_, (byte)'"' or (byte)'\r' or (byte)'\n'):
                    return null;
                default:
                    value.Add(one);
                    state = State.Bare;
                    break;
            }
        }

        if (text.Length == 0 || state == State.Quoted)
        {
            return null;
        }

        EndValue();
        return values;

        void EndValue()
        {
            values.Add(state == State.ValueStart ? null : [.. value]);
            value.Clear();
            state = State.ValueStart;
        }
    }
}
