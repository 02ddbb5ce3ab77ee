using System.Text.RegularExpressions;
using LogPilot.Agent.Declarations;

namespace LogPilot.Agent.Tests.Declarations;

/// <summary>Traces as the languages write them, in the words of their run times; each must be one record with the line it belongs to.</summary>
public sealed class MultilinePresetTests
{
    public static TheoryData<string> Names => [.. MultilinePreset.Known.Split(", ")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_AnyPreset_NeverTakesLong(string name)
    {
        var rule = MultilinePreset.Find(name)!;

        // This engine takes only patterns that it can match in linear time.
        var regex = new Regex(rule.Pattern, RegexOptions.NonBacktracking);

        Assert.Equal((name, false, false), (rule.Preset, rule.Negate, rule.MatchBefore));
        Assert.DoesNotMatch(regex, new string('a', 100_000) + "!");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_LinesOfUsualLoggers_BeginRecords(string name)
    {
        string[] lines =
        [
            "2026-11-24 12:00:00.000  INFO 1 --- [main] com.example.App : started",
            "2026-11-24T12:00:00.000Z ERROR com.example.App: IllegalStateException while at work",
            "24-Nov-2026 12:00:00.000 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in 5 ms",
            "Nov 24 12:00:00 host app[1]: Error: no route",
            "[2026-11-24 12:00:00] production.ERROR: failed",
            "[main] ERROR App - Caused by: nothing",
            "INFO:app.views:started",
            "ERROR: connection refused",
            "Error: connection refused",
            "info: Microsoft.Hosting.Lifetime[14]",
            "I1124 12:00:00.000000       1 main.go:12] started",
            "I, [2026-11-24T12:00:00.000000 #1]  INFO -- : started",
            "{\"level\":\"error\",\"msg\":\"failed\"}",
            "level=error msg=\"failed\"",
            "127.0.0.1 - - [24/Nov/2026:12:00:00 +0000] \"GET / HTTP/1.1\" 200 5",
            "panic: runtime error: index out of range [5] with length 3",
            "fatal error: all goroutines are asleep - deadlock!",
            "Exception in thread \"main\" java.lang.RuntimeException: outer",
            "Unhandled exception. System.InvalidOperationException: outer",
            "PHP Fatal error:  Uncaught RuntimeException: inner in /app/a.php:3",
            "[24-Nov-2026 12:00:00 UTC] PHP Warning:  Undefined variable $a in /app/a.php on line 3",
            "app.rb:5: warning: already initialized constant A",
            "listening on port 80",
            "Next run in 5 minutes",
            "done.",
            "1.5",
            "#1 priority",
        ];

        Assert.Equal(lines, Records(name, string.Join('\n', lines)));
    }

    [Theory]
    [InlineData("java", """
        Exception in thread "main" java.lang.RuntimeException: outer
        	at A.outer(A.java:4)
        	at java.base/java.lang.reflect.Method.invoke(Method.java:569)
        Caused by: java.lang.IllegalStateException: inner
        	at A.inner(A.java:3)
        	... 10 more
        	Suppressed: java.lang.IllegalArgumentException: close
        		at A$R.close(A.java:2)
        		... 9 more
        """)]
    [InlineData("java", """
        2026-11-24 12:00:00.000 ERROR 1 --- [nio-8080-exec-1] o.a.c.c.C.[.[.[/].[dispatcherServlet] : Servlet.service() threw

        org.springframework.web.util.NestedServletException: Request processing failed; nested exception is java.lang.IllegalStateException
        	at org.springframework.web.servlet.FrameworkServlet.processRequest(FrameworkServlet.java:1014) ~[spring-webmvc-5.3.9.jar!/:5.3.9]
        	... 30 common frames omitted
        Caused by: java.lang.IllegalStateException: null
        	at shop.Orders$$EnhancerBySpringCGLIB$$1.find(<generated>)
        """)]
    [InlineData("java", """
        2026-11-24 ERROR scala.Main - failed
        scala.MatchError: 5 (of class java.lang.Integer)
            at Main$.main(Main.scala:3)
        Wrapped by: java.util.concurrent.ExecutionException: again
        	[CIRCULAR REFERENCE: java.lang.Exception]
        """)]
    [InlineData("java", """
        "main" #1 prio=5 os_prio=0 tid=0x00007f nid=0x1 waiting on condition
           java.lang.Thread.State: TIMED_WAITING (sleeping)
        	at java.lang.Thread.sleep(Native Method)
        	- locked <0x000000076b> (a java.lang.Object)
        """)]
    [InlineData("python", """
        2026-11-26 01:34:03,159 ERROR failed
        Traceback (most recent call last):
          File "/app/a.py", line 6, in outer
            try: inner()
                 ^^^^^^^
          File "/app/a.py", line 4, in inner
            def inner(): {}["k"]
                         ~~^^^^^
        KeyError: 'k'

        The above exception was the direct cause of the following exception:

        Traceback (most recent call last):
          File "/app/a.py", line 11, in <module>
            try: outer()
          [Previous line repeated 990 more times]
        ValueError: direct

        During handling of the above exception, another exception occurred:

        Traceback (most recent call last):
          File "/app/a.py", line 13, in <module>
            raise RuntimeError("handling")
        RuntimeError: handling
        """)]
    [InlineData("python", """
        ERROR:root:failed
          + Exception Group Traceback (most recent call last):
          |   File "<string>", line 1, in <module>
          | ExceptionGroup: eg (2 sub-exceptions)
          +-+---------------- 1 ----------------
            | ValueError: 1
            +------------------------------------
        """)]
    [InlineData("python", """
        Task exception was never retrieved
        future: <Task finished name='Task-1' coro=<f() done> exception=gaierror(-2, 'Name or service not known')>
        Traceback (most recent call last):
          File "/usr/lib/python3.11/asyncio/base_events.py", line 1, in f
        socket.gaierror: [Errno -2] Name or service not known
        """)]
    [InlineData("python", """
        [2026-11-24 12:00:00,000: ERROR/ForkPoolWorker-1] Task raised unexpected
        Traceback (most recent call last):
          File "/app/tasks.py", line 1, in f
        requests.exceptions.ConnectTimeout: HTTPConnectionPool(host='a', port=80)
        """)]
    [InlineData("python", """
        Exception in thread Thread-1 (f):
        Traceback (most recent call last):
          File "/app/a.py", line 1, in f
        KeyboardInterrupt
        """)]
    [InlineData("go", """
        panic: boom [recovered]
        	panic: boom again
        [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x45e2f1]

        goroutine 1 [running]:
        main.(*Server).handle(0xc000012345, {0x7f5c, 0x2?}, ...)
        	/app/main.go:12 +0x1d
        panic({0x4a1b20?, 0xc000014250?})
        	/usr/local/go/src/runtime/panic.go:770 +0x132
        net/http.HandlerFunc.ServeHTTP(...)
        	/usr/local/go/src/net/http/server.go:2109
        main.main.func1()
        	/app/main.go:20 +0x25
        github.com/a/b%2ec/d.Map[...](0x0)
        	/go/pkg/mod/github.com/a/b.c@v1.0.0/d/d.go:5
        created by net/http.(*Server).Serve in goroutine 1
        	/usr/local/go/src/net/http/server.go:3086 +0x5cb

        goroutine 18 gp=0xc000002380 m=0 mp=0x5 [IO wait, 5 minutes]:
        internal/poll.runtime_pollWait(0x7f, 0x72)
        	/usr/local/go/src/runtime/netpoll.go:343 +0x85
        exit status 2
        """)]
    [InlineData("go", """
        2026/11/24 12:00:00 http: panic serving 10.0.0.1:1234: boom
        goroutine 5 [running]:
        net/http.(*conn).serve.func1()
        	/usr/local/go/src/net/http/server.go:1868 +0xb9
        """)]
    [InlineData("go", """
        fatal error: all goroutines are asleep - deadlock!

        goroutine 1 [chan receive]:
        main.main()
        	/app/main.go:5 +0x28
        """)]
    [InlineData("go", """
        SIGQUIT: quit
        PC=0x4640c1 m=0 sigcode=0

        goroutine 0 [idle]:
        runtime.futex(0x5c4f48, 0x80, 0x0, 0x0, 0x0, 0x0)
        	/usr/local/go/src/runtime/sys_linux_amd64.s:557 +0x21 fp=0x7ffd
        rax    0xca
        rip    0x4640c1
        """)]
    [InlineData("go", """
        2026-11-24T12:00:00.000Z	ERROR	app/main.go:12	failed	{"error": "boom"}
        main.run
        	/app/main.go:12
        github.com/a/b.(*Server).serve
        	/app/b.go:3
        runtime.main
        	/usr/local/go/src/runtime/proc.go:250
        """)]
    [InlineData("dotnet", """
        Unhandled exception. System.InvalidOperationException: outer
         ---> System.Net.Sockets.SocketException (111): Connection refused
           at Program.<<Main>$>g__Inner|0_0() in /app/Program.cs:line 4
           --- End of inner exception stack trace ---
           at Program.<Main>(String[] args)
        """)]
    [InlineData("dotnet", """
        2026-11-24 12:00:00.000 +00:00 [ERR] failed
        System.AggregateException: One or more errors occurred. (Connection refused) (Connection refused)
         ---> System.Net.Sockets.SocketException (111): Connection refused
           at Program.<<Main>$>g__Inner|0_0() in /app/Program.cs:line 4
        --- End of stack trace from previous location ---
           at System.Threading.Tasks.Task.Wait()
         ---> (Inner Exception #1) System.Net.Sockets.SocketException (111): Connection refused
           at Program.Inner()<---

        """)]
    [InlineData("dotnet", """
        fail: Microsoft.AspNetCore.Server.Kestrel[13]
              Connection id "0HN", Request id "0HN:1": An unhandled exception was thrown by the application.
              System.Exception: boom
                 at Program.<>c.<Main>b__0_0() in /app/Program.cs:line 3
        """)]
    [InlineData("dotnet", """
        2026-11-24 ERROR query failed
        Microsoft.Data.SqlClient.SqlException (0x80131904): Login failed for user 'sa'.
           at Microsoft.Data.SqlClient.SqlInternalConnection.OnError(SqlException exception)
        ClientConnectionId:5b2f
        Error Number:18456,State:1,Class:14
        """)]
    [InlineData("dotnet", """
        Stack overflow.
        Repeated 24087 times:
        --------------------------------
           at Program.F()
        --------------------------------
           at Program.Main()
        """)]
    [InlineData("ruby", """
        E, [2026-11-24T12:00:00.000000 #1] ERROR -- : outer (RuntimeError)
        app.rb:3:in `rescue in outer'
        app.rb:8:in `<main>'
        """)]
    [InlineData("ruby", """
        working
        app.rb:3:in `rescue in outer': outer (RuntimeError)
        	from app.rb:1:in `outer'
        	 ... 10 levels...
        	from app.rb:8:in `<main>'
        app.rb:2:in `inner': undefined method `foo' for nil:NilClass (NoMethodError)

            nil.foo
               ^^^^
        Did you mean?  for
        	from <internal:kernel>:187:in `loop'
        	from app.rb:3:in 'Object#outer'
        """)]
    [InlineData("ruby", """
        Traceback (most recent call last):
        	1: from app.rb:8:in `<main>'
        app.rb:2:in `inner': inner (ArgumentError)
        """)]
    [InlineData("ruby", """
        NoMethodError (undefined method `foo' for nil:NilClass):
          
        app/controllers/orders_controller.rb:5:in `index'
        """)]
    [InlineData("php", """
        PHP Fatal error:  Uncaught RuntimeException: inner in /app/a.php:3
        Stack trace:
        #0 /app/a.php(8): inner()
        #1 [internal function]: {closure}(1)
        #2 {main}

        Next LogicException: outer in /app/a.php:10
        Stack trace:
        #0 /app/my dir/a.php(14): Shop\Orders->find(Object(Shop\Order))
        #1 {main}
          thrown in /app/a.php on line 10
        """)]
    [InlineData("php", """
        [2026-11-24 12:00:00] production.ERROR: outer {"exception":"[object] (LogicException(code: 0): outer at /app/a.php:10)
        [stacktrace]
        #0 /app/a.php(14): outer()
        #1 {main}

        [previous exception] [object] (RuntimeException(code: 0): inner at /app/a.php:3)
        [stacktrace]
        #0 {main}
        "} 
        """)]
    [InlineData("php", """
        [24-Nov-2026 12:00:00 UTC] PHP Warning:  Undefined variable $a in /app/a.php on line 3
        [24-Nov-2026 12:00:00 UTC] PHP Stack trace:
        [24-Nov-2026 12:00:00 UTC] PHP   1. {main}() /app/a.php:0
        """)]
    [InlineData("node", """
        Error: outer
            at outer (/app/a.js:2:55)
            ... 5 lines matching cause stack trace ...
            at node:internal/main/run_main_module:28:49 {
          [cause]: RangeError: inner
              at inner (/app/a.js:1:30)
              at node:internal/main/run_main_module:28:49 {
            code: 'ENOENT'
          }
        }

        Node.js v20.20.2
        """)]
    [InlineData("node", """
        failed AggregateError: All promises were rejected
            at async Promise.any (index 0) {
          [errors]: [
            Error: a
                at /app/a.js:1:1
          ]
        }
        """)]
    [InlineData("node", """
        /app/a.js:2
            throw new Error("outer");
            ^

        """)]
    public void Find_Trace_IsOneRecordBetweenItsNeighbours(string name, string trace)
    {
        const string Before = "2026-11-24 12:00:00 INFO before";
        const string After = "2026-11-24 12:00:01 INFO after";

        var records = Records(name, $"{Before}\n{trace}\n{After}");

        Assert.Equal([Before, trace, After], records);
    }

    [Theory]
    [InlineData("NullPointerException: bare")]
    [InlineData("com.example.orders: started")]
    [InlineData("Causes: none")]
    public void Find_JavaLineWithoutClassOfException_BeginsARecord(string line)
    {
        Assert.Equal(["before", line], Records("java", "before\n" + line));
    }

    [Fact]
    public void Find_NameInUpperCase_IsFound() => Assert.Equal("java", MultilinePreset.Find("JAVA")!.Preset);

    private static List<string> Records(string preset, string text)
    {
        var regex = new Regex(MultilinePreset.Find(preset)!.Pattern);
        var records = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (records.Count > 0 && regex.IsMatch(line))
            {
                records[^1] += "\n" + line;
            }
            else
            {
                records.Add(line);
            }
        }

        return records;
    }
}
