using BenchmarkDotNet.Running;

// Arguments are BenchmarkDotNet's: --filter '*RecordIds*', --job dry, --list flat.
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return summaries.Any(one => one.HasCriticalValidationErrors || one.Reports.Any(report => !report.Success)) ? 1 : 0;
