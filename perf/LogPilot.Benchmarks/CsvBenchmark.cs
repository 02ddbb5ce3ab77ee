using System.Text;
using BenchmarkDotNet.Attributes;
using LogPilot.Agent.Records;
using LogPilot.Agent.Records.Formats;

namespace LogPilot.Benchmarks;

/// <summary>What does it cost to make fields of a record of CSV, by how its values are written?</summary>
[MemoryDiagnoser]
public class CsvBenchmark
{
    private readonly CsvFormat _format = new("time,level,thread,logger,user,order,items,amount,currency,text", "time", new FieldNames(new AgentFields(DocumentShape.LogPilot, [])));
    private readonly FieldWriter _fields = new();
    private byte[] _record = [];

    [Params("bare", "quoted", "escaped", "more values")]
    public string Values { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        string[] values = [SampleLines.Time, "INFO", "main", "com.example.OrderService", "42", "4711", "3", "129.90", "EUR", "the order is paid"];
        _record = Encoding.UTF8.GetBytes(string.Join(',', Values switch
        {
            "quoted" => values.Select(value => $"\"{value}\""),
            "escaped" => values.Select(value => $"\"\"\"{value}\"\"\""),
            "more values" => values.Append("more"),
            _ => values,
        }));
    }

    [Benchmark]
    public int TryParse()
    {
        _fields.Clear();
        return _format.TryParse(_record, _fields) ? _fields.Members.Length : throw new InvalidOperationException("no record");
    }
}
