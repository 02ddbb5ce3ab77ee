# Every command installs what it needs and this machine lacks (scripts/need), and says so.
# Needed beforehand: Debian 12 or later or Ubuntu, and the .NET SDK 10.

.DEFAULT_GOAL := help
.PHONY: help build run test lint image bench soak chaos clean

# The configuration of tests and lint; what is shipped and measured is Release always.
CONFIGURATION ?= Debug

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Publish the static executable to artifacts/logpilot
	@scripts/build

run: ## Build, then run the agent on the containers of this host; documents go to the console unless ELASTICSEARCH_HOSTS is set
	@scripts/build >&2
	@scripts/run

test: ## Build, then run all tests; FILTER=... runs some (dotnet test --filter)
	@CONFIGURATION=$(CONFIGURATION) FILTER='$(FILTER)' scripts/test

lint: ## Check format, warnings, scripts and manifests
	@CONFIGURATION=$(CONFIGURATION) scripts/lint

image: ## Build the image logpilot-aot:latest with Docker
	@scripts/image

bench: ## Measure latency, throughput and footprint
	@scripts/build
	@dotnet run -c Release --project perf/LogPilot.Load -- bench all
	@dotnet run -c Release --project perf/LogPilot.Benchmarks -- --filter '*' --job short --artifacts artifacts/benchmarks

soak: ## 100,000 random lives of logs, chaos with a thousand kills and real servers, each parser fuzzed for ten minutes: three hours
	@scripts/build
	@status=0; \
	LOGPILOT_SEQUENCES=100000 LOGPILOT_SEED=$${LOGPILOT_SEED:-$$(date +%s)} dotnet run -c Release --project tests/LogPilot.Agent.Tests -- -noColor -class '*.SequenceTests' || status=1; \
	dotnet run -c Release --project perf/LogPilot.Load -- soak || status=1; \
	LOGPILOT_FUZZ_SECONDS=600 LOGPILOT_FUZZ_SEED=$${LOGPILOT_FUZZ_SEED:-$$(date +%s)} dotnet run -c Release --project tests/LogPilot.Agent.Tests -- -noColor -class '*FuzzTests' || status=1; \
	exit $$status

chaos: ## Kill the agent while the server fails and logs rotate in every way; every line has to arrive once
	@scripts/build
	@dotnet run -c Release --project perf/LogPilot.Load -- chaos

clean: ## Remove what was built; state of make run goes, too
	@rm -rf artifacts src/*/bin src/*/obj tests/*/bin tests/*/obj perf/*/bin perf/*/obj
