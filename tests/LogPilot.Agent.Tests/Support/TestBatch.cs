using System.Text;
using LogPilot.Agent.Files;
using LogPilot.Agent.Shipping;

namespace LogPilot.Agent.Tests.Support;

/// <summary>Fills a batch as the encoder would: action and document lines, and the ranges they came from.</summary>
internal sealed class TestBatch
{
    private readonly Batch _batch = new(4 * 1024 * 1024);
    private readonly string? _type;
    private int _rangeItems;
    private int _files;

    public TestBatch(bool actions = true, string? type = null)
    {
        _type = type;
        _batch.Reset(new DocumentTarget(actions, type, 9));
    }

    /// <summary>A batch of so many one-item ranges, with the ids 0, 1, 2, … in the index <c>logs</c>.</summary>
    public static Batch Of(int items)
    {
        var batch = new TestBatch();
        for (var i = 0; i < items; i++)
        {
            batch.Add("logs", $"{i}", $$"""{"message":"line {{i}}"}""").EndRange();
        }

        return batch.Batch;
    }

    /// <summary>The batch as filled so far; items without a range get one.</summary>
    public Batch Batch
    {
        get
        {
            if (_rangeItems > 0)
            {
                EndRange();
            }

            return _batch;
        }
    }

    public TestBatch Add(string index, string id, string document)
    {
        var type = _type is null ? "" : $"\"_type\":\"{_type}\",";
        return AddLines($$$"""{"create":{"_index":"{{{index}}}",{{{type}}}"_id":"{{{id}}}"}}""" + "\n" + document + "\n");
    }

    public TestBatch AddLines(string lines)
    {
        var bytes = Encoding.UTF8.GetBytes(lines);
        bytes.CopyTo(_batch.Room(bytes.Length));
        _batch.Add(bytes.Length, 1);
        _rangeItems++;
        return this;
    }

    /// <summary>What was added since the last range came from one more file.</summary>
    public TestBatch EndRange()
    {
        var file = new TailedFile(null!, default, $"/logs/{_files++}.log");
        _batch.AddRange(new FileRange(file, 0, 0, 10, 10), _rangeItems);
        _rangeItems = 0;
        return this;
    }
}
