# VPS Pilot Serverless. `make demo` shows the main job, `make test` runs all tests; both do all set-up by themselves.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup stack build packages demo up down test bench fuzz lint release reproducible azure-check clean

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
# One compiler for all projects of a build; a new process for each doubles the time.
export UseSharedCompilation := true
# What runs is built without the analyzers: make test builds all with them, and a warning there is an error.
fast := -p:RunAnalyzers=false
FILTER ?=
version := $(shell sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)

agent_sources := $(shell git ls-files agent contracts messaging templates infra/agent Directory.*.props global.json)
functions_sources := $(shell git ls-files functions embedded contracts messaging host.json Directory.*.props global.json)
server_sources := $(shell git ls-files server)
cli_sources := $(shell git ls-files cli contracts templates Directory.*.props global.json)
dashboard_sources := $(shell git ls-files dashboard docs/openapi.json)
demo_sources := $(shell git ls-files demo tests/testbed Directory.*.props)

help:
	@echo "make demo    boot a test VPS, deploy good and bad commits, show what happens"
	@echo "make up      leave the same stack running; make down removes it"
	@echo "make test    all tests (make test FILTER=Name for a part)"
	@echo "make bench   measure; writes bench/results.json"
	@echo "make fuzz    a million broken inputs to parsers and broker (FUZZ_INPUTS=N for each fast target)"
	@echo "make packages  Debian packages of agent and server, in artifacts/packages"
	@echo "make release agent, control plane, command line, Debian packages, SBOM and checksums in artifacts/release; the same commit gives the same bytes"
	@echo "make reproducible  builds the release twice, in two folders, and compares every byte"
	@echo "make lint    formatting, file sizes, Bicep files, dependency audit"
	@echo "make azure-check   compile functions/ against the real Azure packages"

setup: ## Debian packages; does nothing when all is there
	@tests/testbed/setup.sh

artifacts/agent/linux-x64/vpspilot-agent: $(agent_sources) | setup
	@echo "building the agent (native AOT)"
	@dotnet publish agent -c Release -r linux-x64 -o artifacts/agent/linux-x64 $(fast) --nologo -v quiet
	@cp infra/agent/install.sh infra/agent/vpspilot-agent.service artifacts/agent/
	@touch $@

dashboard/dist/index.html: $(dashboard_sources) | setup
	@echo "building the dashboard"
	@cd dashboard && npm ci --silent && npm run --silent build
	@touch $@

artifacts/functions/VpsPilot.Functions.dll: $(functions_sources) dashboard/dist/index.html | setup
	@echo "building the control plane (embedded host)"
	@rm -rf artifacts/functions/wwwroot
	@dotnet publish functions -c Release -o artifacts/functions $(fast) --nologo -v quiet
	@touch $@

artifacts/server/vpspilot-server: $(server_sources) $(functions_sources) dashboard/dist/index.html | setup
	@echo "building the server (control plane with its own runtime)"
	@dotnet publish server -c Release -r linux-x64 --self-contained -o artifacts/server $(fast) --nologo -v quiet
	@touch $@

artifacts/cli/linux-x64/vpspilot: $(cli_sources) | setup
	@echo "building the command line (native AOT)"
	@dotnet publish cli -c Release -r linux-x64 -o artifacts/cli/linux-x64 $(fast) --nologo -v quiet
	@touch $@

artifacts/demo/vpspilot-demo.dll: $(demo_sources) | setup
	@dotnet publish demo -c Release -o artifacts/demo $(fast) --nologo -v quiet
	@touch $@

stack: artifacts/agent/linux-x64/vpspilot-agent artifacts/functions/VpsPilot.Functions.dll artifacts/demo/vpspilot-demo.dll

build: stack artifacts/cli/linux-x64/vpspilot

packages: build artifacts/server/vpspilot-server ## Debian packages of agent and server for this machine, in artifacts/packages
	@infra/packages/deb.sh agent $(version) amd64 artifacts/packages artifacts/agent/linux-x64/vpspilot-agent
	@infra/packages/deb.sh server $(version) amd64 artifacts/packages artifacts/server artifacts/agent
	@ls artifacts/packages/*_$(version)_*.deb

demo: stack ## the main job, end to end
	@dotnet artifacts/demo/vpspilot-demo.dll run "$(CURDIR)"

up: stack
	@dotnet artifacts/demo/vpspilot-demo.dll up "$(CURDIR)"

down: artifacts/demo/vpspilot-demo.dll
	@dotnet artifacts/demo/vpspilot-demo.dll down "$(CURDIR)"

test: build artifacts/server/vpspilot-server
	@tests/run.sh "$(FILTER)"

bench: build
	@bench/run.sh

fuzz: ## broken inputs to every parser of what comes from outside, and to the broker
	@tests/fuzz.sh

release: setup
	@infra/release/release.sh

reproducible: setup ## two releases of the commit, in two folders, compared byte for byte
	@infra/release/reproducible.sh

lint: setup
	@tests/lint.sh

azure-check: ## compile functions/ against the real Azure packages, as far as the registry has them
	@tests/azure-check.sh

clean:
	@rm -rf artifacts dashboard/dist dashboard/node_modules
	@find . -name bin -prune -exec rm -rf {} + -o -name obj -prune -exec rm -rf {} +
