namespace LogPilot.Agent.Records.Formats;

/// <summary>Where the text of a name stands, decoded: in the record, or, if it stands so nowhere in it, among the texts of <see cref="MemberTable"/>.</summary>
internal readonly record struct NameText(int Start, int Length, bool IsOwnText);
