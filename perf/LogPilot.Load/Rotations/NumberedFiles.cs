namespace LogPilot.Load.Rotations;

/// <summary>Files named by age: NAME.1 is the youngest.</summary>
/// <param name="path">NAME.</param>
/// <param name="suffix">What follows the number, such as <c>.gz</c>.</param>
internal sealed class NumberedFiles(string path, string suffix = "")
{
    private int _count;

    /// <summary>Makes NAME.1 free: NAME.1 becomes NAME.2 and so on. The caller puts a file there.</summary>
    public void Shift()
    {
        for (var number = _count; number >= 1; number--)
        {
            File.Move(PathOf(number), PathOf(number + 1));
        }

        _count++;
    }

    public void DeleteOldest()
    {
        File.Delete(PathOf(_count));
        _count--;
    }

    private string PathOf(int number) => $"{path}.{number}{suffix}";
}
